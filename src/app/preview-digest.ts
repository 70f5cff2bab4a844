/** A manager's digest as it would be at an instant, on what is known now: nothing is written, sent or settled. */
import { withAbsences } from '../domain/absences.ts';
import type { Digest } from '../domain/digest/digest.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { RenderedNotice } from '../domain/notices/view.ts';
import { SEEN_FOR, type Trouble } from '../domain/outage.ts';
import type { Policy } from '../domain/policy.ts';
import { zoneOf } from '../domain/roster.ts';
import { localDate } from '../domain/standing-mails.ts';
import type { Deps } from './deps.ts';
import { linesOf } from './digest-lines.ts';
import { previewStandingMail } from './preview-standing-mail.ts';
import { digestOf, inboxesOf } from './send-digests.ts';

export type PreviewedDigest = { readonly digest: Digest; readonly mail: RenderedNotice };

/**
 * null: this member decides in no inbox, and gets none. `troubles`: what keeps mail from flowing at this moment. Where
 * no Baton runs nobody has noted that, and a digest would call it a quiet day.
 */
export async function previewDigest(
  deps: Pick<Deps, 'store' | 'secret'>,
  configured: Policy,
  reader: MemberId,
  at: Instant,
  troubles: readonly Trouble[] = [],
): Promise<PreviewedDigest | null> {
  const { store } = deps;
  const policy = withAbsences(configured, await store.toldAbsences());
  const inbox = policy.inboxes.get(inboxesOf(policy, reader)[0] ?? '');
  if (inbox === undefined) return null;
  const date = localDate(zoneOf(policy, reader, at) ?? inbox.timeZone, at).toString();
  const last = await store.lastStandingMail(reader, 'digest');
  const noted = await digestOf(deps, { policy, member: reader, date, at, last: last?.at ?? null });
  const digest = withTroubles(noted, troubles);
  const body = { kind: 'digest', ...digest } as const;
  const lines = await linesOf(deps, { recipient: { type: 'member', member: reader } }, digest, policy);
  return { digest, mail: previewStandingMail({ policy, inbox, reader, at, body, lines }) };
}

function withTroubles(digest: Digest, troubles: readonly Trouble[]): Digest {
  const { at, inboxes, mail } = digest;
  const isKnown = ({ kind, inboxId }: Trouble): boolean =>
    mail.outages.some((one) => one.until === null && one.kind === kind && one.inboxId === inboxId);
  // What never worked, as far as anybody knows, lasts from now on.
  const lasts = ({ since }: Trouble): boolean => since === null || since <= at - SEEN_FOR;
  const more = troubles
    .filter((one) => inboxes.includes(one.inboxId) && lasts(one) && !isKnown(one))
    .map(({ kind, inboxId, since }) => ({ kind, inboxId, since: since ?? at, until: null }));
  return { ...digest, mail: { ...mail, outages: [...mail.outages, ...more] } };
}
