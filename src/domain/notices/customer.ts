/**
 * Mails to customers. The acknowledgement holds nothing that its reader or anybody else wrote: a forged sender
 * would make it a mail of the forger's words, in our name, to whom they please.
 */

import { callout, type Doc, muted, named, own, paragraph, say, strong, words } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { inboxName, requestOf, type Scene, topicOf } from './scene.ts';
import { cleanLines, oneLine } from './words.ts';

export const AcknowledgementSubject = 'We have your message';

export function acknowledgement(scene: Scene): Doc {
  const { emergencyLine } = scene.view.inbox;
  const blocks = [
    named(
      'confirmation',
      paragraph(say`Thank you for writing. ${strong('We have your message')}, and a person will answer it.`),
    ),
    emergencyLine === null ? null : named('emergency', callout([words(emergencyLine, 300)])),
    named('more', paragraph(say`Photos or news? Just reply.`)),
    named(
      'footer',
      muted(
        say`${inboxName(scene)}, reference ${own(String(requestOf(scene).state.id))} (automatic confirmation)`,
      ),
    ),
  ];
  return blocks.filter((block) => block !== null);
}

/** What the owner wrote, as they wrote it, and who they are. Controls that no mail may hold are taken out. */
export function customerReply(
  scene: Scene,
  body: NoticeBody & { readonly kind: 'customer-reply' },
): { readonly subject: string; readonly text: string } {
  const { policy, inbox, texts } = scene.view;
  const written = texts.get(body.text);
  if (written === undefined)
    throw new Error(`text ${body.text} of an answer to a customer was erased before it was sent`);
  const lines = written.body
    .toWellFormed()
    .replace(/\r\n|\r/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
  const name = oneLine(policy.members.get(body.by)?.name ?? '', 80);
  const signature = signsAlready(lines, name) ? [oneLine(inbox.name, 120)] : [name, oneLine(inbox.name, 120)];
  return {
    subject: replySubject(requestOf(scene).subject),
    text: `${lines.trimEnd()}\n\n${signature.filter((line) => line !== '').join('\n')}\n`,
  };
}

/** Whether the text ends with the member's own name, in full or the first of it. */
function signsAlready(text: string, name: string): boolean {
  const last = text.trimEnd().split('\n').at(-1)?.trim().toLowerCase() ?? '';
  const full = name.toLowerCase();
  return last !== '' && (last === full || last === full.split(' ')[0]);
}

function replySubject(subject: string): string {
  return cleanLines(subject).length === 0 ? 'Re: your message' : `Re: ${topicOf(subject)}`;
}
