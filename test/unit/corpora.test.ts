/**
 * Reply text and forwards measured on mail of other projects, where it lies beside this folder. The sets clash in
 * whether a signature belongs to a reply, so its text counts alone or with the signature after it.
 */
import { Buffer } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';

/** BATON_CORPORA: where they are, when that is elsewhere. */
const CORPORA = process.env.BATON_CORPORA ?? join(import.meta.dirname, '../../../shared/corpora');

type Case = {
  readonly id: string;
  readonly text: string;
  readonly expected?: string;
  readonly expected_first?: string;
  readonly checks?: Readonly<
    Record<'absent' | 'contains' | 'starts', string | readonly string[] | undefined>
  >;
  readonly from_address?: string;
  readonly subject?: string;
};

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();
const all = (value: string | readonly string[] | undefined): string[] =>
  [value ?? []].flat().map((text) => fold(text));

function casesOf(set: string): Case[] {
  const lines = readFileSync(join(CORPORA, set, 'cases.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

const read = (text: string) =>
  parseInProcess(
    Buffer.from(
      `From: Sam <sam@members.example>\r\nSubject: Re: [#1042] request\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text.replace(/\r?\n/g, '\r\n')}`,
    ),
  );

/** Runs where the sets are; elsewhere the name says what is missing. */
const measured = (set: string, title: string, run: () => Promise<void>) => {
  const there = existsSync(join(CORPORA, set, 'cases.jsonl'));
  test.skipIf(!there)(`${set}: ${title}${there ? '' : ' (skipped: the set is not beside this folder)'}`, run);
};

async function exactOf(set: string): Promise<number> {
  let exact = 0;
  for (const one of casesOf(set)) {
    const want = one.expected ?? one.expected_first;
    if (want === undefined) continue;
    const { text, signature } = (await read(one.text)).reply;
    if (fold(text) === fold(want) || fold(`${text}\n${signature}`) === fold(want)) exact += 1;
  }
  return exact;
}

const Goals = [
  ['reply-crisp', 64, 78],
  ['reply-talon-text', 50, 61],
  ['reply-github', 10, 11],
  ['reply-quotequail', 6, 6],
] as const;
for (const [set, goal, of] of Goals) {
  measured(set, `at least ${goal} of ${of} replies come out exactly`, async () => {
    expect(await exactOf(set)).toBeGreaterThanOrEqual(goal);
  });
}

measured('reply-github', 'every check of what is and is not in a reply holds', async () => {
  const broken: string[] = [];
  for (const { id, text: body, checks } of casesOf('reply-github')) {
    if (checks === undefined) continue;
    const text = fold((await read(body)).reply.text);
    const holds =
      all(checks.absent).every((part) => !text.includes(part)) &&
      all(checks.contains).every((part) => text.includes(part)) &&
      all(checks.starts).every((part) => text.startsWith(part));
    if (!holds) broken.push(id);
  }
  expect(broken).toEqual([]);
});

measured('forward-crisp', 'at least 140 of 151 forwards name their first sender', async () => {
  const cases = casesOf('forward-crisp');
  const named = await Promise.all(
    cases.map(async ({ text, from_address }) => (await read(text)).forwarded?.from?.address === from_address),
  );
  expect(named.filter(Boolean).length).toBeGreaterThanOrEqual(140);
});

measured('forward-crisp', 'a subject that stands in the mail is named in 97 of 100', async () => {
  // Outlook for Mac keeps it in the Subject field alone, which the set does not hold.
  const cases = casesOf('forward-crisp').filter(({ subject, text }) => text.includes(subject ?? '\0'));
  const named = await Promise.all(
    cases.map(async ({ text, subject }) => fold((await read(text)).forwarded?.subject ?? '') === subject),
  );
  expect(named.filter(Boolean).length).toBeGreaterThanOrEqual(0.97 * cases.length);
});
