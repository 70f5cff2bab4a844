/**
 * What mutation begins with: real mails of other projects where they lie beside this folder, otherwise only what is
 * made here. The same files in the same order on every machine that has them.
 */
import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chanceOf } from '../year/chance.ts';
import { makeMail } from './mails.ts';

/** BATON_CORPORA: where they are, when that is elsewhere. */
const CORPORA = process.env.BATON_CORPORA ?? join(import.meta.dirname, '../../../../shared/corpora');
const FILE_BYTES_MAX = 24 * 1024;
const FILES_MAX = 600;
const MADE = 24;

let mails: readonly Buffer[] | null = null;

/** Whole mails, small ones. */
export function seedMails(): readonly Buffer[] {
  mails ??= [
    ...Array.from({ length: MADE }, (_, i) => makeMail(chanceOf(i, 'seed'))),
    ...filesBelow(CORPORA),
  ];
  return mails;
}

function filesBelow(folder: string): Buffer[] {
  if (!existsSync(folder)) return [];
  const names = (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => /\.(eml|mbox|txt|msg)$/i.test(name))
    .sort();
  const every = Math.max(1, Math.floor(names.length / FILES_MAX));
  return names
    .filter((_, i) => i % every === 0)
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && statSync(file).size <= FILE_BYTES_MAX)
    .map((file) => readFileSync(file));
}

/** The headers of these mails. */
export const seedHeaders = (): readonly Buffer[] =>
  seedMails().map((mail) => mail.subarray(0, bodyStart(mail)));

/** Their bodies as they stand, encodings and all. */
export const seedBodies = (): readonly Buffer[] => seedMails().map((mail) => mail.subarray(bodyStart(mail)));

/** The values of the fields of this name. */
export function seedFields(name: RegExp): readonly Buffer[] {
  const found = new Set<string>();
  for (const header of seedHeaders()) {
    const fields = header.toString('latin1').split(/\r?\n(?![ \t])/);
    for (const field of fields) {
      const colon = field.indexOf(':');
      if (colon > 0 && name.test(field.slice(0, colon))) found.add(field.slice(colon + 1).trim());
    }
  }
  return [...found].map((value) => Buffer.from(value, 'latin1'));
}

/** The parts whose header says this type, decoded no further. */
export function seedParts(type: RegExp): readonly Buffer[] {
  return seedMails().flatMap((mail) => {
    const text = mail.toString('latin1');
    const at = text.search(type);
    const start = at < 0 ? -1 : text.slice(at).search(/\r?\n\r?\n/);
    return start < 0 ? [] : [Buffer.from(text.slice(at + start).trimStart(), 'latin1')];
  });
}

function bodyStart(mail: Buffer): number {
  const found = /\r?\n\r?\n/.exec(mail.toString('latin1'));
  return found === null ? mail.length : found.index + found[0].length;
}
