/** A manager's digest as it would be at an instant, on what is known now: nothing is written, sent or settled. */
import { withAbsences } from '../domain/absences.ts';
import type { Digest } from '../domain/digest/digest.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { RenderedNotice } from '../domain/notices/view.ts';
import type { Policy } from '../domain/policy.ts';
import { zoneOf } from '../domain/roster.ts';
import { localDate } from '../domain/standing-mails.ts';
import type { Deps } from './deps.ts';
import { linesOf } from './digest-lines.ts';
import { previewStandingMail } from './preview-standing-mail.ts';
import { digestOf, inboxesOf } from './send-digests.ts';

export type PreviewedDigest = { readonly digest: Digest; readonly mail: RenderedNotice };

/** null: this member decides in no inbox, and gets none. */
export async function previewDigest(
  deps: Pick<Deps, 'store' | 'secret'>,
  configured: Policy,
  reader: MemberId,
  at: Instant,
): Promise<PreviewedDigest | null> {
  const { store } = deps;
  const policy = withAbsences(configured, await store.toldAbsences());
  const inbox = policy.inboxes.get(inboxesOf(policy, reader)[0] ?? '');
  if (inbox === undefined) return null;
  const date = localDate(zoneOf(policy, reader, at) ?? inbox.timeZone, at).toString();
  const last = await store.lastStandingMail(reader, 'digest');
  const digest = await digestOf(deps, { policy, member: reader, date, at, last: last?.at ?? null });
  const body = { kind: 'digest', ...digest } as const;
  const lines = await linesOf(deps, { recipient: { type: 'member', member: reader } }, digest, policy);
  return { digest, mail: previewStandingMail({ policy, inbox, reader, at, body, lines }) };
}
