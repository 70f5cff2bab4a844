/** A manager's digest as it would be at an instant, on what is known now: nothing is written, sent or settled. */
import { withAbsences } from '../domain/absences.ts';
import type { Digest } from '../domain/digest/digest.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { aboutRequest, type StoredNotice } from '../domain/notices/notice.ts';
import { renderNotice } from '../domain/notices/render.ts';
import type { RenderedNotice } from '../domain/notices/view.ts';
import type { Policy } from '../domain/policy.ts';
import { localDate } from '../domain/standing-mails.ts';
import type { Deps } from './deps.ts';
import { linesOf } from './digest-lines.ts';
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
  const timeZone = policy.members.get(reader)?.schedule.timeZone ?? inbox.timeZone;
  const date = localDate(timeZone, at).toString();
  const last = await store.lastStandingMail(reader, 'digest');
  const digest = await digestOf(deps, { policy, member: reader, date, at, last: last?.at ?? null });
  const notice: StoredNotice = {
    id: 0,
    createdAt: at,
    dedupeKey: 'preview',
    inboxId: inbox.id,
    ...aboutRequest(null),
    recipient: { type: 'member', member: reader },
    body: { kind: 'digest', ...digest },
  };
  const mail = renderNotice({
    notice,
    policy,
    inbox,
    now: at,
    timeZone,
    request: null,
    message: null,
    place: null,
    texts: new Map(),
    mine: null,
    lines: await linesOf(deps, notice, digest, policy),
  });
  return { digest, mail };
}
