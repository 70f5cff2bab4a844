/** A standing mail as its reader would get it at an instant: nothing is written, sent or settled. */
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { aboutRequest, type NoticeBody, type StoredNotice } from '../domain/notices/notice.ts';
import { renderNotice } from '../domain/notices/render.ts';
import type { LinesView, RenderedNotice } from '../domain/notices/view.ts';
import type { Inbox, Policy } from '../domain/policy.ts';
import { zoneOf } from '../domain/roster.ts';

export type Preview = {
  readonly policy: Policy;
  /** The one that it comes from. */
  readonly inbox: Inbox;
  readonly reader: MemberId;
  readonly at: Instant;
  readonly body: NoticeBody;
  readonly lines?: LinesView;
};

export function previewStandingMail({ policy, inbox, reader, at, body, lines }: Preview): RenderedNotice {
  const notice: StoredNotice = {
    id: 0,
    createdAt: at,
    dedupeKey: 'preview',
    inboxId: inbox.id,
    ...aboutRequest(null),
    recipient: { type: 'member', member: reader },
    body,
  };
  return renderNotice({
    notice,
    policy,
    inbox,
    now: at,
    timeZone: zoneOf(policy, reader, at) ?? inbox.timeZone,
    request: null,
    message: null,
    place: null,
    texts: new Map(),
    mine: null,
    ...(lines && { lines }),
  });
}
