/** A slice of `npm run fuzz`, what it has found before, and faults planted so that finding them is proved. */
import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { splitPlus } from '../../src/domain/address.ts';
import { tokenHash } from '../../src/domain/reply-token.ts';
import { boundedRunner } from '../chaos/fuzz/bounded.ts';
import { campaign, type Finding } from '../chaos/fuzz/campaign.ts';
import { execute } from '../chaos/fuzz/execute.ts';
import { minimize } from '../chaos/fuzz/minimize.ts';
import { plainRunner } from '../chaos/fuzz/plain-runner.ts';
import type { Target } from '../chaos/fuzz/target.ts';
import { authenticationTarget } from '../chaos/fuzz/targets/authentication.ts';
import { Issued, tokenTarget } from '../chaos/fuzz/targets/token.ts';
import { Targets, targetNamed } from '../chaos/fuzz/targets.ts';

const KEPT = join(import.meta.dirname, '../chaos/fuzz/kept');

/** Of what costs more fewer are tried here, and each target has its share of `npm run fuzz`. */
const Inputs: Readonly<Record<string, number>> = { grammar: 128, token: 512, parse: 16, config: 4, pool: 2 };
const USUAL_INPUTS = 48;
/** Real mails are many: a slice begins with what is made here. */
const SEEDS = 8;

const slice = (target: Target): Target => ({ ...target, seeds: () => target.seeds().slice(0, SEEDS) });

async function findings(target: Target, batches: number, batch?: number): Promise<readonly Finding[]> {
  const fire = campaign(slice(target), 20_261_126, plainRunner, false, batch);
  const found: Finding[] = [];
  for (let n = 0; n < batches && found.length === 0; n += 1) found.push(...(await fire.step()));
  return found;
}

test.each(Targets.map(({ name, promise }) => [name, promise] as const))('%s: %s', async (name) => {
  const found = await findings(targetNamed(name), 1, Inputs[name] ?? USUAL_INPUTS);
  await targetNamed(name).close?.();
  expect(found.map(({ why, input }) => `${why}: ${JSON.stringify(input.toString('latin1'))}`)).toEqual([]);
});

const kept = Targets.flatMap(({ name }) => {
  const folder = join(KEPT, name);
  return existsSync(folder) ? readdirSync(folder).map((file) => [name, file] as const) : [];
});

test.each(kept)('%s holds for what was once found: %s', async (name, file) => {
  const { fault } = await execute(targetNamed(name), readFileSync(join(KEPT, name, file)));
  expect(fault).toBeNull();
});

test('what is kept belongs to a target that there is', () => {
  expect(readdirSync(KEPT).filter((name) => !Targets.some((target) => target.name === name))).toEqual([]);
});

test('a reader of keys that takes a part of one for the whole is found out, and the finding made small', async () => {
  const careless = tokenTarget((address) => {
    const { tag } = splitPlus(address);
    const found = tag === null || tag.length < 8 ? undefined : Issued.find((one) => one.startsWith(tag));
    return found === undefined ? null : tokenHash(found);
  });
  const [first] = await findings(careless, 20);
  expect(first?.why).toContain('opened what was not given out');
  const input = await minimize(first?.input ?? Buffer.alloc(0), async (candidate) => {
    const { fault } = await execute(careless, candidate);
    return fault?.key === first?.key;
  });
  expect(input.length).toBeLessThanOrEqual(first?.input.length ?? 0);
});

test('a reader of results that believes any of them, and not the topmost, is found out', async () => {
  const pass = {
    result: 'pass',
    by: 'authserv-id',
    why: { code: 'dmarc-pass', sentence: 'planted' },
  } as const;
  const careless = authenticationTarget((headers) =>
    headers.some(({ value }) => value.startsWith('mx.elm.example; dmarc=pass'))
      ? pass
      : { ...pass, result: 'fail' },
  );
  const found = await findings(careless, 10);
  expect(found.map(({ why }) => why)).toContain('a stranger proved themselves');
});

test('a pattern that takes quadratic time is found out by its time, with an input that grows until it shows', async () => {
  const quadratic: Target = {
    ...targetNamed('subject'),
    name: 'planted',
    cost: { baseMs: 6, perKilobyteMs: 0.5 },
    lengthMax: 6 * 1024,
    words: [' ', '\t', 'leak'],
    check: (input) => void /\s+$/.test(input.toString('latin1')),
    seeds: () => [Buffer.from('Re: leak in the kitchen')],
  };
  const linear: Target = { ...quadratic, check: (input) => void /\s$/.test(input.toString('latin1')) };
  expect((await findings(linear, 10)).map(({ key }) => key)).toEqual([]);
  const found = await findings(quadratic, 30);
  expect(found.map(({ key }) => key)).toEqual(['planted: slow']);
});

const HANGING = new URL('../support/hanging-fuzz-child.ts', import.meta.url);

test.each([
  ['never comes back', 'hang', 'did not come back and was stopped', 300],
  ['takes all memory', 'fill', 'took too much memory and was stopped', 10_000],
])('a reader that %s is stopped, and what it was on is known', async (_, word, death, slackMs) => {
  const runner = boundedRunner(HANGING, slackMs);
  onTestFinished(() => runner.close());
  const target: Target = { ...targetNamed('subject'), cost: { baseMs: 50, perKilobyteMs: 0 } };
  const { faults } = await runner.run(target, [Buffer.from('fine'), Buffer.from(word)]);
  expect(faults).toMatchObject([{ at: 1, key: `subject: ${death}` }]);
});
