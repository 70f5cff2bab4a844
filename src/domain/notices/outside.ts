/**
 * Mails to somebody outside who is asked for help. They hold what was written to them, who wrote it, and nothing else:
 * not the request, its number, its customer, nor that there is one.
 */
import { type Doc, paragraph, say } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { Full } from './parts.ts';
import { inboxName, nameOf, type Scene, textOf } from './scene.ts';
import { excerpt, oneLine } from './words.ts';
import { asSent } from './written.ts';

type Asks = NoticeBody & { readonly kind: 'outside-help' | 'outside-reminder' };

const NAME_MAX = 60;

/** The same for a question and its reminder, so that both are one thread. */
export function outsideSubject(scene: Scene, { by }: Asks): string {
  const { policy, inbox } = scene.view;
  const name = oneLine(policy.members.get(by)?.name ?? '', NAME_MAX) || 'us';
  return `A question from ${name}, ${oneLine(inbox.name, NAME_MAX)}`;
}

/** As a person writes it: no marks, no frame, one line below the name. */
export function outsideHelp(
  scene: Scene,
  body: NoticeBody & { readonly kind: 'outside-help' },
): { readonly subject: string; readonly text: string } {
  const text = asSent(scene, body.by, body.text);
  if (text === null) throw new Error(`text ${body.text} of a question was erased before it was sent`);
  return { subject: outsideSubject(scene, body), text: `${text}\nJust answer this mail.\n` };
}

export function outsideReminder(scene: Scene, body: NoticeBody & { readonly kind: 'outside-reminder' }): Doc {
  const name = nameOf(scene, body.by);
  const asked = textOf(scene, body.text);
  const { lines } = asked === null || !scene.withWords ? { lines: [] } : excerpt(asked, Full);
  return [
    paragraph(
      say`${name} asked you something and has no answer yet. Could you reply to this mail? Files are welcome.`,
    ),
    lines.length === 0 ? null : ({ kind: 'quote', lead: say`${name} wrote:`, lines, tail: null } as const),
    paragraph(say`${name}, ${inboxName(scene)}`),
  ].filter((block) => block !== null);
}
