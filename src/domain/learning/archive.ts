/** Examples that an archive brings: mails from before Baton, each with what its folder or label says of it. */
import { createHash } from 'node:crypto';
import type { CategoryId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Content } from './example.ts';

export type ArchiveExample = {
  readonly content: Content;
  /** null: it belonged to none of them. */
  readonly category: CategoryId | null;
  /** The folder or label that says so, as the archive calls it. */
  readonly place: string;
  /** The address it was from, in lower case; '' when there is none. */
  readonly sender: string;
  /** null: the mail does not tell. */
  readonly writtenAt: Instant | null;
};

/** By which a mail that is brought twice is known: the words alone, since folders are renamed and mails are copied. */
export const archiveHash = ({ subject, body }: Content): string =>
  createHash('sha256').update(`${subject.trim()}\0${body.trim()}`).digest('hex');
