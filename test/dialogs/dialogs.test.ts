/** Each transcript in this folder is a promise, played from its first mail to its last. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { brokenPromises } from '../support/promises.ts';
import { openStage, play } from './play.ts';
import { readTranscript } from './transcript.ts';

const folder = new URL('./', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.dialog'));

for (const file of files.sort()) {
  const transcript = readTranscript(readFileSync(new URL(file, folder), 'utf8'));
  test(`${transcript.title} (${file})`, async () => {
    const stage = await openStage(transcript);
    await play(stage, transcript);
    expect(await brokenPromises(stage.world)).toEqual([]);
  });
}

test.each([
  ['a mail that nobody expected', 'taken as request in request 1'],
  ['a mail that was not sent', 'mail to luis: offer'],
  ['another state', 'request 1: priya has it'],
  ['words that nobody knows', 'priya sighs'],
])('a transcript fails for %s', async (_, line) => {
  const asked = 'priya@elm.example -> billing@elm.example: A question\n  | When?';
  const transcript = readTranscript(`A promise\n${asked}\n${line}\n`);
  const stage = await openStage(transcript);
  await expect(play(stage, transcript)).rejects.toThrow(/^line|that nobody expected/);
});
