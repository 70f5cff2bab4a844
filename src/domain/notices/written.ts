/**
 * What a member writes to somebody outside, as it goes out: their words as they wrote them, and who they are. The
 * copy that its author gets is made of the same text.
 */
import type { MemberId, TextId } from '../ids.ts';
import type { Attachment } from '../message.ts';
import { filesThatGo } from '../passed-files.ts';
import { type Block, joined, muted, named, own, type Span, say } from './doc.ts';
import { filesByName } from './parts.ts';
import type { Scene } from './scene.ts';
import { clip, oneLine, verbatimLines } from './words.ts';

/** Controls that no mail may hold are taken out. null when it was erased. */
export function asSent(scene: Scene, by: MemberId, text: TextId): string | null {
  const { policy, inbox, texts } = scene.view;
  const written = texts.get(text);
  if (written === undefined) return null;
  const lines = written.body
    .toWellFormed()
    .replace(/\r\n|\r/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
  const name = oneLine(policy.members.get(by)?.name ?? '', 80);
  const signature = signsAlready(lines, name) ? [oneLine(inbox.name, 120)] : [name, oneLine(inbox.name, 120)];
  return `${lines.trimEnd()}\n\n${signature.filter((line) => line !== '').join('\n')}\n`;
}

/** Whether the text ends with the member's own name, in full or the first of it. */
function signsAlready(text: string, name: string): boolean {
  const last = text.trimEnd().split('\n').at(-1)?.trim().toLowerCase() ?? '';
  const full = name.toLowerCase();
  return last !== '' && (last === full || last === full.split(' ')[0]);
}

/** More than this is a document, and one mail of ours must stay one that a phone can show. */
const COPY_MAX = { characters: 20_000, lines: 600 };

/** Exactly what went out, or would. */
export function copyOf(
  scene: Scene,
  lead: readonly Span[] | null,
  by: MemberId,
  text: TextId,
  files: readonly Attachment[],
): Block {
  const sent = asSent(scene, by, text);
  const { go, stay } = filesThatGo(files, 'outside');
  const names = filesByName(scene, go);
  const left = filesByName(scene, stay);
  const attached = joined(
    [
      names === null ? null : say`Files: ${names}.`,
      left === null ? null : say`Too large, or a mail, and so not sent along: ${left}.`,
    ],
    ' ',
  );
  if (sent === null) return named('copy', muted(lead, say`(The text was erased.)`, attached));
  if (!scene.withWords) return named('copy', muted(lead, say`(The words are left out here.)`, attached));
  const all = verbatimLines(sent);
  const lines = clipped(all);
  const more = lines.length < all.length ? [own('It goes on; the copy ends here.')] : null;
  const tail = joined([more, attached], ' ');
  return named('copy', { kind: 'quote', lead, lines, tail: tail.length === 0 ? null : tail });
}

function clipped(all: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let left = COPY_MAX.characters;
  for (const line of all.slice(0, COPY_MAX.lines)) {
    if (left <= 0) break;
    lines.push(clip(line, left));
    left -= line.length + 1;
  }
  return lines;
}
