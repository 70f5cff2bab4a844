/** Which files of a mail go along when it is passed on: whole ones, in order, as many as one mail should carry. */
import type { Attachment } from './message.ts';

/** Together; base64 makes 14 MB of it, and many servers refuse a mail of more than 20. */
export const PASSED_BYTES_MAX = 10 * 1024 * 1024;

/** Pictures that belong to a signature are no files that anybody sent. */
export function filesThatGo(attachments: readonly Attachment[]): {
  readonly go: readonly Attachment[];
  readonly stay: readonly Attachment[];
} {
  const go: Attachment[] = [];
  const stay: Attachment[] = [];
  let bytes = 0;
  for (const file of attachments.filter(({ inline }) => !inline)) {
    const fits = bytes + file.size <= PASSED_BYTES_MAX;
    if (fits) bytes += file.size;
    (fits ? go : stay).push(file);
  }
  return { go, stay };
}
