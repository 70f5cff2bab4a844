/** Receipts about a mail that could not be read: which mail it is, and what can be said about it. */
import { type Block, command, list, paragraph, quotation, type Span, say } from './doc.ts';
import type { Receipt } from './receipt-kinds.ts';
import { customerOf, type Scene, writerOf } from './scene.ts';
import { oneLine } from './words.ts';

const SUBJECT_MAX = 80;

export function isAboutParked({ view: { notice } }: Scene): boolean {
  return notice.body.kind === 'receipt' && notice.body.parked !== undefined;
}

/** `mail "All my photos" from Maria Lopez`; of an erased one, `mail`. */
export function parkedMail(scene: Scene): readonly Span[] {
  const { message } = scene.view;
  if (message === null) return say`mail`;
  return say`mail${titled(scene, message.subject)} from ${writerOf(scene, message)}`;
}

/** The same of one that is a request by now. */
export function mailOfRequest(scene: Scene): readonly Span[] {
  const { request } = scene.view;
  return request === null ? say`mail` : say`mail${titled(scene, request.subject)} from ${customerOf(scene)}`;
}

const titled = (scene: Scene, subject: string): readonly Span[] | null =>
  !scene.withWords || oneLine(subject, 1) === '' ? null : say` ${quotation(subject, SUBJECT_MAX)}`;

/** What can be answered about it, without what would do nothing; `code` is why it could not be read, where that is known. */
export function parkedChoices(code: string | null = null): Block {
  const { retry: _, ...others } = CHOICES;
  switch (code) {
    // The rest was never taken in: reading it once more finds no more.
    case 'too-large':
      return list(Object.values(others));
    case 'not-given':
      return list(Object.values({ ...CHOICES, retry: ASK_AGAIN }));
    default:
      return list(Object.values(CHOICES));
  }
}

const CHOICES = {
  request: say`${command('request')}: it becomes a request as it is, and somebody is asked to take it`,
  retry: say`${command('retry')}: it is read once more, and you hear what comes of it`,
  dismiss: say`${command('dismiss')}: it needs nothing, and stays in the shared mailbox`,
  handoff: say`${command('handoff to')} and a name: that person is told as well, and one of you decides`,
};

const ASK_AGAIN = say`${command('retry')}: within a quarter of an hour the mail server is asked for it once more`;

/** After a refusal: which mail it is about, and what would do, unless it is settled. */
export function stillParked(scene: Scene, { results }: Receipt): readonly Block[] {
  const isSettled = results.some((result) => result.ok || result.rejection.code === 'no-longer-parked');
  if (!isAboutParked(scene) || isSettled) return [];
  return [
    paragraph(say`What you can answer about the ${parkedMail(scene)}, which could not be read:`),
    parkedChoices(),
  ];
}
