/** The mails about absences. They are about no request, and answered at most by whoever is asked to stand in. */
import type { ToldAbsence } from '../domain/absences.ts';
import type { InboxId, MemberId } from '../domain/ids.ts';
import { aboutRequest, type NoticeBody, type NoticeDraft } from '../domain/notices/notice.ts';

/** From which inbox they go out, and what sets the mails about one happening apart from those about the next. */
export type Occasion = { readonly inboxId: InboxId; readonly key: string };

/** Can you stand in? */
export function coverAsked(occasion: Occasion, cover: MemberId, absence: ToldAbsence): NoticeDraft {
  const { id, member, from, until } = absence;
  return draft(occasion, cover, { kind: 'cover-asked', absence: id, member, from, until });
}

/** To whoever is away, and to who told of it for them: what came of the question. */
export function coverAnswered(occasion: Occasion, cover: MemberId, absence: ToldAbsence): NoticeDraft[] {
  const { id, member, by, until } = absence;
  const agreed = absence.cover?.answer === 'agreed';
  const readers = [...new Set([member, by])].filter((reader) => reader !== cover);
  return readers.map((reader) =>
    draft(occasion, reader, { kind: 'cover-answered', absence: id, member, cover, agreed, until }),
  );
}

/** To a member of whom somebody else said that they are away, or here again. */
export function absenceTold(occasion: Occasion, by: MemberId, absence: ToldAbsence): NoticeDraft {
  const { id, member, from, until, endedAt } = absence;
  const over = endedAt !== null;
  return draft(occasion, member, { kind: 'absence-told', absence: id, by, from, until, over });
}

type AboutAbsence = NoticeBody & { readonly absence: ToldAbsence['id'] };

function draft({ inboxId, key }: Occasion, member: MemberId, body: AboutAbsence): NoticeDraft {
  return {
    dedupeKey: `absence:${body.absence}/${body.kind}/${key}/member:${member}`,
    inboxId,
    ...aboutRequest(null),
    recipient: { type: 'member', member },
    body,
  };
}
