/** Which files of a mail go along when it is passed on: whole ones, in order, as many as one mail should carry. */
import type { Attachment } from './message.ts';

/** Together; base64 makes 14 MB of it, and many servers refuse a mail of more than 20. */
export const PASSED_BYTES_MAX = 10 * 1024 * 1024;

export type FilesReader = 'team' | 'outside';

/**
 * Pictures that belong to a signature are no files that anybody sent. Mails as files stay in the team: many programs
 * attach what is answered, which would take the key of our own mail and its notes to whoever reads the answer.
 */
export function filesThatGo(
  attachments: readonly Attachment[],
  reader: FilesReader,
): {
  readonly go: readonly Attachment[];
  readonly stay: readonly Attachment[];
} {
  const go: Attachment[] = [];
  const stay: Attachment[] = [];
  let bytes = 0;
  for (const file of attachments.filter(({ inline }) => !inline)) {
    const goes = bytes + file.size <= PASSED_BYTES_MAX && (reader === 'team' || !isMail(file));
    if (goes) bytes += file.size;
    (goes ? go : stay).push(file);
  }
  return { go, stay };
}

/** RFC 2046 section 5.2 and RFC 6532; by its name alone when a program calls it a file like any other. */
const isMail = ({ contentType, filename }: Attachment): boolean =>
  /^message\/|^application\/(?:vnd\.ms-outlook|ms-tnef|vnd\.ms-tnef|mbox)$/.test(contentType) ||
  /(?:\.(?:eml|emlx|msg|mbox|mht|mhtml)|^winmail\.dat)$/i.test(filename ?? '');
