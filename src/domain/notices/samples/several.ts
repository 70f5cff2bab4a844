/** Several requests in one sample: those of a receipt, and those of a digest. */
import type { ConversationId } from '../../ids.ts';
import { DAY } from '../../instant.ts';
import type { NoticeBody } from '../notice.ts';
import type { LinesView, NoticeView, RequestView } from '../view.ts';

/** The sample request under each of these numbers. */
export const sameFor = (
  all: readonly { readonly conversationId: ConversationId }[],
  request: RequestView,
): NonNullable<NoticeView['requests']> =>
  new Map(
    all.map(({ conversationId: id }) => [id, { ...request, state: { ...request.state, id } }] as const),
  );

/** A manager has more than one request; whoever tries hostile words finds them in all of them. */
export function linesFor(
  body: NoticeBody & { kind: 'digest' },
  isCalm: boolean,
  request: RequestView,
): LinesView {
  const { subject, customer, messages } = request;
  const ids = body.items.flatMap((item) => (item.type === 'request' ? [item.id] : []));
  const titleOf = (at: number) => {
    const [topic = subject, name = ''] = Topics[at % Topics.length] ?? [];
    const wroteAt = body.at - DAY;
    return isCalm
      ? { subject: topic, customer: { name, address: '' }, wroteAt }
      : { subject, customer, wroteAt };
  };
  const answerTo = 'maintenance+abcdefghijklmnopqrstuvwxyz@elm.example';
  return {
    requests: new Map(ids.map((id, at) => [id, titleOf(at)])),
    mails: new Map([[1, { message: messages[0] ?? null, answerTo }]]),
  };
}

const Topics: readonly (readonly [string, string])[] = [
  ['Leak under kitchen sink', 'Maria Lopez'],
  ['Deposit', 'J. Osei'],
  ['Heating makes noises at night', 'Ida Roth'],
  ['Keys for the cellar', 'Ben Roth'],
  ['Balcony door does not close', 'Carla Ruiz'],
];
