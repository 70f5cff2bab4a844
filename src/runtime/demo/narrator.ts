/** Tells, at each rest, what has happened since the one before. */
import { happenings, type Names, oneLine, setAside } from '../../app/board-words.ts';
import type { Board, MailIn } from '../../app/ports/board.ts';
import type { Instant } from '../../domain/instant.ts';

export type Line = { readonly at: Instant; readonly text: string };

const SUBJECT_MAX = 34;

export function narrator(board: Board, names: Names): () => Promise<Line[]> {
  const told = new Map<number, number>();
  let lastMail = 0;
  return async () => {
    const lines: Line[] = [];
    for (const request of await board.requests()) {
      const subject = oneLine(request.subject, SUBJECT_MAX);
      for (const { at, text } of happenings(request, names, told.get(request.id) ?? 0)) {
        lines.push({ at, text: `#${request.id} ${subject}: ${text}` });
      }
      told.set(request.id, request.state.version);
    }
    for (const mail of (await board.mailsIn()).filter(({ id }) => id > lastMail)) {
      const text = aboutMail(mail, names);
      if (text !== null) lines.push({ at: mail.at, text });
      lastMail = mail.id;
    }
    return lines.sort((a, b) => a.at - b.at);
  };
}

/** Mail that moved no request; everything else is told by its request. */
function aboutMail(mail: MailIn, names: Names): string | null {
  const from = mail.from.name || mail.from.address || 'somebody';
  const aside = setAside(mail);
  if (aside !== null) {
    // What belongs to a request is told there.
    if (mail.conversationId !== null) return null;
    const subject = oneLine(mail.subject, SUBJECT_MAX);
    return mail.disposition === 'parked'
      ? `“${subject}” from ${from} could not be read and waits for a person: ${aside.why}`
      : `${aside.what} set aside: “${subject}” from ${from}`;
  }
  const who = mail.member === null ? from : names(mail.member);
  if (mail.disposition === 'command-refused')
    return `${who} is told why “${oneLine(mail.text, 20)}” was not done`;
  if (mail.disposition === 'teammate-note')
    return `${who} is told that “${oneLine(mail.text, 20)}” was not understood`;
  return null;
}
