/** An archive for `baton learn`: its mails and labelled texts, each with what its folders and labels say of it. */
import { labelsOf } from '../adapters/mime/mail-labels.ts';
import type { ArchiveExample } from '../domain/learning/archive.ts';
import { type LeftOut, type ReadMail, readMail } from '../domain/learning/from-archive.ts';
import { meaningOf, type Place, type PlaceNames, pathOf } from '../domain/learning/places.ts';
import type { Policy } from '../domain/policy.ts';
import { placeReader } from '../runtime/archive-places.ts';
import { readLabelled } from '../runtime/labelled-texts.ts';
import { type MailRead, readMails } from './read-mails.ts';

export type ReadArchive = {
  readonly mails: readonly ReadMail[];
  readonly texts: readonly (ArchiveExample | LeftOut)[];
  readonly unreadable: readonly { readonly file: string; readonly error: string }[];
  /** Folded paths of what somebody said of a folder, of those in which something lay. */
  readonly saidAndFound: ReadonlySet<string>;
};

const TEXTS = /\.(jsonl|ndjson)$/i;

export async function readArchive(
  paths: readonly string[],
  policy: Policy,
  names: PlaceNames,
  read: (paths: readonly string[]) => AsyncIterable<MailRead> = readMails,
): Promise<ReadArchive> {
  const saidAndFound = new Set<string>();
  const note = (places: readonly Place[]): void => {
    const meant = meaningOf(places, names);
    if (meant.type === 'one' && meant.said !== null) saidAndFound.add(meant.said);
  };
  const unreadable: { file: string; error: string }[] = [];
  const mails: ReadMail[] = [];
  const folders = paths.filter((path) => !TEXTS.test(path));
  const folderOf = placeReader(folders);
  for await (const one of folders.length === 0 ? [] : read(folders)) {
    if ('error' in one) unreadable.push({ file: one.file, error: one.error });
    else {
      const places = placesOf(labelsOf(one.mail), folderOf(one.file), names);
      note(places);
      mails.push(readMail(one.mail, places, policy, names));
    }
  }
  const texts: (ArchiveExample | LeftOut)[] = [];
  for (const file of paths.filter((path) => TEXTS.test(path)))
    await readTexts(file, { names, texts, unreadable, note });
  return { mails, texts, unreadable, saidAndFound };
}

/** A folder that means something is what a person made of it; Takeout keeps all mail in one file, where labels tell. */
const placesOf = (labels: readonly Place[], folder: Place, names: PlaceNames): readonly Place[] =>
  labels.length === 0 || meaningOf([folder], names).type !== 'nothing' ? [folder] : labels;

type Reading = {
  readonly names: PlaceNames;
  readonly texts: (ArchiveExample | LeftOut)[];
  readonly unreadable: { file: string; error: string }[];
  readonly note: (places: readonly Place[]) => void;
};

async function readTexts(file: string, reading: Reading): Promise<void> {
  const { names, texts, unreadable, note } = reading;
  try {
    const read = await readLabelled(file);
    for (const { line, why } of read.unreadable)
      unreadable.push({ file: `${file}, line ${line}`, error: why });
    for (const { content, category: label } of read.labelled) {
      const place = label === null ? ['none'] : label.split('/');
      const meant = label === null ? ({ type: 'one', category: null } as const) : meaningOf([place], names);
      if (meant.type !== 'one') {
        texts.push({
          leftOut: meant.type === 'nothing' ? 'no-category' : 'several-categories',
          places: [place],
        });
        continue;
      }
      note([place]);
      const { category } = meant;
      texts.push({ content, category, place: pathOf(place), sender: '', writtenAt: null });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    unreadable.push({
      file,
      error: code === 'ENOENT' ? 'there is no such file' : `it could not be read (${code})`,
    });
  }
}
