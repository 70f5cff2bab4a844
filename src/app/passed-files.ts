/** The decoded files of mails that are passed on, as many as one mail should carry. */

import type { MessageView } from '../domain/notices/view.ts';
import { filesThatGo } from '../domain/passed-files.ts';
import type { Deps } from './deps.ts';
import type { OutgoingAttachment } from './ports/mail-composer.ts';

/** A mail whose bytes are gone, or cannot be read any more, passes nothing on: its words are told all the same. */
export async function passedFiles(
  { store, parser }: Pick<Deps, 'store' | 'parser'>,
  messages: readonly MessageView[],
): Promise<readonly OutgoingAttachment[]> {
  const files: OutgoingAttachment[] = [];
  const { go } = filesThatGo(messages.flatMap(({ attachments }) => attachments));
  for (const { id, attachments } of messages) {
    const wanted = attachments.filter((file) => go.includes(file));
    const raw = wanted.length === 0 ? null : await store.readRaw(id);
    if (raw === null) continue;
    const read = await parser.readFiles(raw, { bytesMax: Number.MAX_SAFE_INTEGER });
    if (!read.ok) continue;
    // The parser lists files in the order of the mail's attachments.
    for (const [at, { filename, contentType, content }] of read.files.entries()) {
      const listed = attachments[at];
      if (listed !== undefined && go.includes(listed)) files.push({ filename, contentType, content });
    }
  }
  return files;
}
