/** Attachments as they are shown and passed on: a bare file name, a type in the form of one, in place or not. */
import type { Attachment } from '../../domain/message.ts';
import { cleanText, decodeHeaderText, withoutControls } from './clean-text.ts';
import { readHeaderBlock } from './header-fields.ts';
import type { PartFile } from './mime-parts.ts';

const FILENAME_MAX = 255;

export function attachmentOf(file: PartFile, cids: ReadonlySet<string>): Attachment {
  return {
    filename: safeFilename(file.filename) ?? nameOfMail(file),
    contentType: contentTypeOf(file),
    size: file.size,
    inline: file.contentId !== null && (file.related || cids.has(file.contentId)),
  };
}

const contentTypeOf = (file: PartFile): string =>
  /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}/.exec(file.contentType.toLowerCase())?.[0] ??
  'application/octet-stream';

/** The last component alone, without control and direction characters; a name is shown, never used as a path. */
function safeFilename(name: string | null): string | null {
  if (name === null) return null;
  const plain = withoutControls(cleanText(name.slice(-2_000)));
  const base = plain
    .slice(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1)
    .trim()
    .slice(-FILENAME_MAX);
  return base === '' || base === '.' || base === '..' ? null : base;
}

const SUBJECT_MAX = 80;

/** A mail that is attached without a name is called by its subject. */
function nameOfMail({ contentType, head }: PartFile): string | null {
  if (contentType !== 'message/rfc822') return null;
  const subject = readHeaderBlock(head).fields.find(({ name }) => name === 'subject')?.value ?? '';
  const name = withoutControls(decodeHeaderText(subject.slice(0, SUBJECT_MAX * 10)))
    .replace(/[\\/:*?"<>|]+/g, '')
    .slice(0, SUBJECT_MAX)
    .trim();
  return name.replaceAll('.', '') === '' ? null : `${name}.eml`;
}

/** Of the types that come without a name. */
const ENDINGS: Readonly<Record<string, string>> = {
  'message/rfc822': 'eml',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/calendar': 'ics',
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
};

/** The name under which a file is passed on: its own, or one made up from its place in the mail. */
export const filenameOf = ({ filename, contentType }: Attachment, place: number): string =>
  filename ?? `file-${place}.${ENDINGS[contentType] ?? 'bin'}`;
