/**
 * What a report says of a mail of ours. The key decides which mail it is: of the Message-ID in the part that came back,
 * or of the address that it came to, which is the sender of that one mail. A report without a key moves nothing, and
 * the address that it names need not be the one we wrote to (RFC 3464 section 2.3.2: mail is forwarded).
 *
 * A key is known to whoever read that mail, and to whom they showed it. All that can be done with one is to say that
 * this mail did not arrive: then the next person is asked, or a customer is mailed only once somebody says so. Both
 * are shown to a person, and undone by a word.
 */
import { isDeepStrictEqual } from 'node:util';
import type { InboxId, MemberId } from '../domain/ids.ts';
import { type Instant, toIso } from '../domain/instant.ts';
import { type DeliveryFailure, failureIn, lastsAfter } from '../domain/lost-mail.ts';
import type { DeliveryReport } from '../domain/message.ts';
import {
  aboutRequest,
  type NoticeDraft,
  type Recipient,
  type StoredNotice,
} from '../domain/notices/notice.ts';
import type { Policy } from '../domain/policy.ts';
import { finalManagerAt } from '../domain/roster.ts';
import type { Case } from './case.ts';
import type { NoticeReturn } from './ports/returned.ts';

type Reported = Pick<Case, 'reading' | 'findings' | 'verdict'>;

/** What the outbox learns; nothing when the key is of a mail about another request than the report was filed with. */
export function returnsOf({ reading, findings, verdict }: Reported): NoticeReturn[] {
  const { notice, target } = findings;
  if (verdict.type !== 'machine' || notice === null) return [];
  if (target !== null && notice.conversationId !== target.id) return [];
  const { id } = notice;
  if (verdict.disposition === 'bounce')
    return [{ id, as: 'failed', failure: failureIn(reading.mail.report) }];
  if (reading.screening.kind !== 'delivery-status') return [];
  const as = progressIn(reading.mail.report);
  return as === null ? [] : [{ id, as, failure: null }];
}

/** A warning of before RFC 3464 has no fields and warns of a delay. `relayed` and `expanded` promise nothing. */
function progressIn(report: DeliveryReport | null): 'delayed' | 'delivered' | null {
  const actions = report?.recipients.map(({ action }) => action) ?? ['delayed'];
  if (actions.includes('delayed')) return 'delayed';
  return actions.includes('delivered') ? 'delivered' : null;
}

/** The question for help that a mail put; null: it put none. */
export const helpOf = ({ body }: StoredNotice): number | null =>
  body.kind === 'help-asked' || body.kind === 'outside-help' || body.kind === 'outside-reminder'
    ? body.help
    : null;

/**
 * That mail to a member comes back for good is a manager's to mend: told once a day, however many mails do. They are
 * asked all the same, since a question that comes back goes to the next person by itself, and no word would be needed
 * once the address works again.
 */
export function memberUnreached(
  policy: Policy,
  inboxId: InboxId,
  recipient: Recipient,
  failure: DeliveryFailure | null,
  now: Instant,
): NoticeDraft[] {
  if (recipient.type !== 'member' || failure === null || lastsAfter(failure) !== 'for-good') return [];
  const { member } = recipient;
  const to = whoMends(policy, inboxId, member, now);
  if (to === null) return [];
  return [
    {
      dedupeKey: `member-unreached:${member}/${toIso(now).slice(0, DATE_LENGTH)}/member:${to}`,
      inboxId,
      ...aboutRequest(null),
      recipient: { type: 'member', member: to },
      body: { kind: 'member-unreached', member, failure },
    },
  ];
}

const DATE_LENGTH = '2026-03-03'.length;

function whoMends(policy: Policy, inboxId: InboxId, member: MemberId, now: Instant): MemberId | null {
  const inbox = policy.inboxes.get(inboxId);
  if (inbox === undefined) return null;
  const people = [
    finalManagerAt(policy, inboxId, now, member),
    inbox.finalManager,
    inbox.finalManagerCover,
    ...inbox.managers,
  ];
  return people.find((id) => id !== null && id !== member && policy.members.get(id)?.active) ?? null;
}

/** Whoever is told of the same loss in the story of the request need not be told beside it. */
export const notTold = (unreached: readonly NoticeDraft[], notices: readonly NoticeDraft[]): NoticeDraft[] =>
  unreached.filter(
    ({ recipient: reader }) =>
      !notices.some(
        ({ body, recipient }) => body.kind === 'undeliverable' && isDeepStrictEqual(recipient, reader),
      ),
  );
