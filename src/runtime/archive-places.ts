/**
 * The folder in which a mail of an archive lies, as a person would call it: without what is only how the archive keeps
 * its files (Maildir, mbox, Thunderbird, Apple Mail), and with the letters that IMAP servers write in another way.
 */
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Place } from '../domain/learning/places.ts';

/** `paths` as they were given; a file lies below one of them, or is one. The name of that one counts as well. */
export function placeReader(paths: readonly string[]): (file: string) => Place {
  const roots = new Set(paths.map((path) => resolve(path)));
  return (file) => {
    const whole = resolve(file);
    let root = whole;
    while (!roots.has(root) && dirname(root) !== root) root = dirname(root);
    const below = relative(root, whole).split(sep);
    return placeFrom([basename(root), ...below].filter((part) => part !== ''));
  };
}

function placeFrom(parts: readonly string[]): Place {
  const file = parts.at(-1) ?? '';
  const folders = parts.slice(0, -1);
  const isMaildir = ['cur', 'new'].includes(folders.at(-1) ?? '');
  const around = isMaildir ? folders.slice(0, -1) : folders;
  const named = isMaildir || !isMbox(file, folders.at(-1)) ? around : [...around, file];
  return named.flatMap(namesOf).filter((name) => name !== '');
}

/**
 * Which of the places that were kept somebody means: one of that very name, else those of which the end was typed, and
 * those with which the typed path ends, since an archive is kept from the folder on that was given.
 */
export function placesMeant(typed: string, kept: readonly string[]): readonly string[] {
  if (kept.includes(typed)) return [typed];
  const parts = partsOf(typed);
  const readings = [
    parts.filter((part) => part !== '.'),
    parts.flatMap(namesOf).filter((name) => name !== ''),
  ];
  if (readings.some((reading) => reading.length === 0)) return [];
  const alike = kept.filter((place) => readings.some((reading) => isSame(reading, partsOf(place))));
  if (alike.length > 0) return alike;
  return kept.filter((place) => readings.some((reading) => isEndOfOther(reading, partsOf(place))));
}

/** macOS writes file names with their accents apart. */
const partsOf = (path: string): Place =>
  path
    .normalize('NFC')
    .split('/')
    .filter((part) => part !== '');

const isSame = (a: Place, b: Place): boolean =>
  a.length === b.length && a.every((part, index) => part === b[index]);

function isEndOfOther(a: Place, b: Place): boolean {
  const length = Math.min(a.length, b.length);
  return length > 0 && isSame(a.slice(-length), b.slice(-length));
}

/** One file with many mails is a folder. By its name alone: MH numbers its mails, others give them endings. */
const isMbox = (file: string, folder: string | undefined): boolean => {
  const name = file.replace(/\.gz$/i, '');
  if (/\.(mbox|mbx)$/i.test(name)) return true;
  // Apple Mail keeps one of this name within a folder that has the name.
  if (/^mbox$/i.test(name) && /\.mbox$/i.test(folder ?? '')) return false;
  return !name.includes('.') && !/^\d+$/.test(name);
};

/** Maildir++ writes `.Customers.Repairs` for what lies within each other. */
function namesOf(part: string): string[] {
  const names = part.startsWith('.') ? part.slice(1).split('.') : [part];
  return names.map((name) => decoded(name.replace(/\.gz$/i, '').replace(/\.(sbd|mbox|mbx)$/i, '')));
}

/** RFC 3501 section 5.1.3, modified UTF-7: `Entw&APw-rfe`. What is none stays as it is. */
function decoded(name: string): string {
  return name.replace(/&([A-Za-z0-9+,]{0,200})-/g, (whole, code: string) => {
    if (code === '') return '&';
    const bytes = Buffer.from(code.replaceAll(',', '/'), 'base64');
    if (bytes.length < 2) return whole;
    const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
    return even.swap16().toString('utf16le').toWellFormed();
  });
}
