/**
 * Kinds, addresses, status codes and hardness measured on real bounces of 60 mail systems, where they lie beside
 * this folder (BATON_CORPORA: elsewhere).
 *
 * The set knows no kind for a report that a mail is late and will be tried again: it records "bounce", where Baton
 * says delivery-status (RFC 3464 section 2.3.3). Those are counted on their own. Codes of the form 5.0.9XX or
 * 5.1.9XX are its author's invention for reports that hold none; so is the soft reason "filtered" for most servers
 * that say "user unknown" without saying in answer to which command.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { openParserPool } from '../../src/adapters/mime/parser-pool.ts';
import type { DeliveryReport, Mail } from '../../src/domain/message.ts';
import { type Screening, screen } from '../../src/domain/screening.ts';

const CORPORA = process.env.BATON_CORPORA ?? join(import.meta.dirname, '../../../shared/corpora');
const SET = join(CORPORA, 'bounce-sisimai');
const there = existsSync(join(SET, 'cases.jsonl'));
const missing = there ? '' : ' (skipped: the set bounce-sisimai is not beside this folder)';

type Recorded = { readonly dsn: string; readonly reason: string; readonly hard: boolean };
type Case = {
  readonly id: string;
  readonly eml: string;
  readonly kind: string;
  readonly recipients?: readonly Recorded[] | null;
};
type Read = { readonly recorded: Case; readonly mail: Mail; readonly screening: Screening };

const Kinds: Readonly<Record<string, string>> = {
  arf: 'feedback',
  autoreply: 'auto-reply',
  'delivered-dsn': 'delivery-status',
};
/** A person who forwards a bounce, and a bounce that the set does not count as one. */
const OtherOpinion = ['lhost-sendmail-14', 'rb-issue-368-bug'];

/** Read as in production: one of these mails brings mailparser down, and the second parser reads it. */
async function readAll(): Promise<Read[]> {
  const lines = readFileSync(join(SET, 'cases.jsonl'), 'utf8').split('\n');
  const cases: Case[] = lines.filter((one) => one.trim() !== '').map((line) => JSON.parse(line));
  const parser = openParserPool({ children: 2 });
  try {
    const results = await parser.parse(cases.map(({ eml }) => readFileSync(join(SET, eml))));
    return cases.flatMap((recorded, at) => {
      const result = results[at];
      if (result?.ok !== true) return [];
      return [{ recorded, mail: result.mail, screening: screen(result.mail, { addresses: [] }) }];
    });
  } finally {
    await parser.close();
  }
}

const isDelay = ({ mail }: Read): boolean =>
  mail.report?.recipients.every(({ action }) => action === 'delayed') ?? false;
const isRight = ({ recorded: { kind }, screening }: Read): boolean =>
  kind === 'not-bounce' ? screening.kind !== 'bounce' : screening.kind === (Kinds[kind] ?? kind);

type Pair = {
  readonly id: string;
  readonly want: Recorded;
  readonly got: DeliveryReport['recipients'][number] | null;
};

/** Recorded and read recipients, each with the one that agrees best: the set does not keep their order. */
function pairs({ recorded, mail }: Read): Pair[] {
  const left = [...(mail.report?.recipients ?? [])];
  const take = (fits: (one: (typeof left)[number]) => boolean) => {
    const at = left.findIndex(fits);
    return at < 0 ? null : (left.splice(at, 1)[0] ?? null);
  };
  const exact = (recorded.recipients ?? []).map((want) => ({
    id: recorded.id,
    want,
    got: take((one) => one.status === want.dsn && one.permanent === want.hard),
  }));
  return exact.map((pair) => (pair.got === null ? { ...pair, got: take(() => true) } : pair));
}

const isInvented = (dsn: string): boolean => dsn === '' || /^[45]\.[01]\.9\d\d$/.test(dsn);
const share = (all: readonly unknown[], right: readonly unknown[]): number => right.length / all.length;

describe.skipIf(!there)(`bounces of 60 mail systems${missing}`, () => {
  let all: Read[] = [];
  let reports: Read[] = [];
  beforeAll(async () => {
    all = await readAll();
    expect(all).toHaveLength(632);
    reports = all.filter(({ recorded }) => ['bounce', 'delivered-dsn'].includes(recorded.kind));
  }, 60_000);

  test('every kind is right but for reports of a delay and two cases of another opinion', () => {
    const wrong = all.filter((one) => !isRight(one) && !isDelay(one)).map(({ recorded }) => recorded.id);
    expect(wrong.sort()).toEqual(OtherOpinion);
    expect(
      all.filter((one) => isDelay(one)).every(({ screening }) => screening.kind === 'delivery-status'),
    ).toBe(true);
    expect(all.filter((one) => isDelay(one)).length).toBeLessThan(25);
  });

  test('as many recipients are read as are recorded in 99 of 100', () => {
    const counted = reports.filter(({ recorded }) => (recorded.recipients ?? []).length > 0);
    const right = counted.filter(
      ({ recorded, mail }) => recorded.recipients?.length === mail.report?.recipients.length,
    );
    expect(share(counted, right)).toBeGreaterThanOrEqual(0.99);
  });

  test('the recorded status code is read in 98 of 100, where one stands in the report', () => {
    const coded = reports.flatMap(pairs).filter(({ want }) => !isInvented(want.dsn));
    expect(
      share(
        coded,
        coded.filter(({ want, got }) => got?.status === want.dsn),
      ),
    ).toBeGreaterThanOrEqual(0.98);
  });

  test('hard and soft agree in 93 of 100, and in 98 where the set does not call an unknown user filtered', () => {
    const everyone = reports.flatMap(pairs);
    const agrees = ({ want, got }: Pair) => got?.permanent === want.hard;
    expect(share(everyone, everyone.filter(agrees))).toBeGreaterThanOrEqual(0.93);
    const told = everyone.filter(
      ({ want, got }) => !(want.reason === 'filtered' && got?.reason === 'user-unknown'),
    );
    expect(share(told, told.filter(agrees))).toBeGreaterThanOrEqual(0.98);
  });

  test('the Message-ID of the returned mail is read wherever one stands in it', () => {
    const lost = reports.filter(({ recorded, mail }) => {
      const raw = readFileSync(join(SET, recorded.eml), 'latin1').replaceAll('\r\n', '\n');
      const below = raw.slice(raw.indexOf('\n\n'), 100_000);
      return mail.report?.originalMessageId == null && /^[ >]*message-id: *<.+@.+>/im.test(below);
    });
    expect(lost.map(({ recorded }) => recorded.id)).toEqual(['lhost-sendmail-14']);
  });
});

/** Sets of people's mails, in which nothing may be taken for a bounce that does not look like one. */
for (const set of ['parse-imaptools', 'thread-aerc']) {
  const files = join(CORPORA, set, 'files');
  const found = existsSync(files);
  test.skipIf(!found)(
    `${set}: no person is taken for a mail system${found ? '' : ' (skipped: the set is not there)'}`,
    async () => {
      for (const name of readdirSync(files)) {
        if (!name.endsWith('.eml')) continue;
        const raw = readFileSync(join(files, name));
        const mail = await parseInProcess(raw);
        const { kind } = screen(mail, { addresses: [] });
        const system = /mailer-daemon|postmaster|multipart\/report/i.test(raw.toString('latin1', 0, 8_000));
        if (!system)
          expect([name, kind, mail.report]).toEqual([
            name,
            expect.not.stringMatching(/^(bounce|delivery-status|receipt|feedback)$/),
            null,
          ]);
      }
    },
  );
}
