/** A report about a classifier, by numbers that were worked out on paper; its words and its page. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { classifierPage } from '../../src/adapters/web/classifier-page.ts';
import { reportLines } from '../../src/cli/classify-report.ts';
import { writePage } from '../../src/cli/write-page.ts';
import { cutShort, type JudgedMail, reportOf, withoutWords } from '../../src/domain/learning/report.ts';
import { likelyRange } from '../../src/domain/learning/share.ts';

const judged = (
  truth: string | null,
  guess: string | null,
  confidence: number,
  sure: boolean,
  text = `${truth} taken for ${guess}`,
): JudgedMail => ({ text, truth, guess, confidence, sure });

/** Six that belong to a or b, two that belong to neither. */
const EIGHT: readonly JudgedMail[] = [
  judged('a', 'a', 0.9, true),
  judged('a', 'a', 0.8, true),
  judged('a', 'b', 0.7, true),
  judged('b', 'a', 0.6, false),
  judged('b', 'a', 0.4, false),
  judged('b', 'b', 0.95, true),
  judged(null, 'a', 0.65, true),
  judged(null, 'b', 0.1, false),
];

test('a report counts right and wrong by category, the worst first, and one without a mail last', () => {
  const { accuracy, categories } = reportOf(EIGHT, ['unused', 'a', 'b']);
  expect(accuracy).toEqual({ count: 3, of: 6 });
  expect(categories).toEqual([
    {
      category: 'b',
      precision: { count: 1, of: 2 },
      recall: { count: 1, of: 3 },
      f1: 2 / 5,
      sure: 2,
      wrong: 1,
    },
    {
      category: 'a',
      precision: { count: 2, of: 4 },
      recall: { count: 2, of: 3 },
      f1: 4 / 7,
      sure: 3,
      wrong: 1,
    },
    {
      category: 'unused',
      precision: { count: 0, of: 0 },
      recall: { count: 0, of: 0 },
      f1: null,
      sure: 0,
      wrong: 0,
    },
  ]);
});

test('a report tells what comes of choosing only when sure, unknown mails included', () => {
  expect(reportOf(EIGHT).operating).toEqual({
    sure: { count: 5, of: 8 },
    wrong: { count: 2, of: 5 },
    rightInScope: { count: 3, of: 6 },
    outOfScopeLeft: { count: 1, of: 2 },
    leftOutOfScope: { count: 1, of: 3 },
  });
  const unknown = [judged(null, 'a', 0.9, true), judged(null, 'a', 0.2, false), judged(null, null, 0, false)];
  expect(reportOf(unknown).operating.outOfScopeLeft).toEqual({ count: 2, of: 3 });
});

test('a report names what is taken for what, and of unknown mails only those it was sure of', () => {
  const told = reportOf(EIGHT).confusions.map(({ truth, guess, count, sure, examples }) => [
    ...[truth, guess, count, sure],
    ...examples.map(({ confidence }) => confidence),
  ]);
  expect(told).toEqual([
    ['b', 'a', 2, 0, 0.6, 0.4],
    [null, 'a', 1, 1, 0.65],
    ['a', 'b', 1, 1, 0.7],
  ]);
});

test('a report draws precision against coverage; mails of one confidence stand together', () => {
  const { coverage, coverageAt95, coverageAt99 } = reportOf(EIGHT);
  expect(coverage.map(({ share, precision }) => [share, precision])).toEqual([
    ...[1, 2, 3].map((count) => [count / 8, 1]),
    [4 / 8, 3 / 4],
    [5 / 8, 3 / 5],
    [6 / 8, 3 / 6],
    [7 / 8, 3 / 7],
    [1, 3 / 8],
  ]);
  expect([coverageAt95, coverageAt99]).toEqual([3 / 8, 3 / 8]);
  const tied = [judged('a', 'a', 0.5, true), judged('a', 'b', 0.5, true)];
  expect(reportOf(tied).coverage).toEqual([{ confidence: 0.5, share: 1, precision: 0.5 }]);
  expect(reportOf(tied).coverageAt95).toBe(0);
});

test('a report says how far certainty and truth are apart', () => {
  const { bins, error } = reportOf(EIGHT).calibration;
  expect(bins.map(({ from, mails, right }) => [from, mails, right])).toEqual([
    [0.1, 1, 0],
    [0.4, 1, 0],
    [0.6, 2, 0],
    [0.7, 1, 0],
    [0.8, 1, 1],
    [0.9, 2, 1],
  ]);
  expect(error).toBeCloseTo(0.35, 10);
});

test('a report of nothing is a report, in words and as a page', () => {
  const report = reportOf([], ['a']);
  expect(report.calibration.error).toBeNull();
  expect(reportLines(report, String, 0.05)[0]).toBe('There was no mail to judge it by.');
  expect(pageOf(report)).not.toMatch(/NaN|Infinity|undefined|null/);
});

test('a large report stays short: as many confusions and points as somebody looks at', () => {
  const many = Array.from({ length: 5_000 }, (_, at) =>
    judged(`c${at % 150}`, `c${(at * 7) % 150}`, (at % 997) / 997, at % 3 === 0),
  );
  const report = reportOf(many);
  expect(report.confusions.length).toBeLessThanOrEqual(40);
  expect(report.coverage.length).toBeLessThanOrEqual(101);
  expect(report.coverage.at(-1)?.share).toBe(1);
  expect(reportLines(report, String, 0.05).filter((line) => [...line].length > 100)).toEqual([]);
});

test('what is kept of a report holds no word of a mail', () => {
  expect(JSON.stringify(reportOf(EIGHT))).toContain('taken for');
  expect(JSON.stringify(withoutWords(reportOf(EIGHT)))).not.toContain('taken for');
});

test('the range of a share is that of Wilson: 2 of 5, 0 of 10, none at all', () => {
  const rounded = (count: number, of: number) => {
    const { least, most } = likelyRange({ count, of });
    return [least, most].map((one) => Math.round(one * 1_000) / 1_000);
  };
  expect([rounded(2, 5), rounded(0, 10), rounded(0, 0)]).toEqual([
    [0.118, 0.769],
    [0, 0.278],
    [0, 1],
  ]);
});

test('a mail is shown as one line by whole characters', () => {
  expect(cutShort(' a\n\t b ')).toBe('a b');
  expect(cutShort('🏠'.repeat(200), 5)).toBe('🏠🏠🏠🏠…');
});

test('a report in a terminal shows what steers terminals instead of obeying it', () => {
  const report = reportOf([judged('a', 'b', 0.9, true, 'see \u001b]8;;x\u0007 \u202egnp.exe')]);
  const text = reportLines(report, (id) => `\u001b[31m${id}`, 0.05).join('\n');
  expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
  expect(text).toContain('\\x1b]8;;x\\x07 \\u202egnp.exe');
});

const pageOf = (report: ReturnType<typeof reportOf>, names: (id: string) => string = String) =>
  classifierPage({ title: 'What it <learned>', about: ['Judged & told.'], report, names, wrongAtMost: 0.05 });

test('a page of a report escapes every word of a mail, runs nothing and fetches nothing', () => {
  const hostile = `"><script src="https://evil.example/x.js"></script><img src=x onerror=alert(1)><style>@import 'https://evil.example'</style></title>`;
  const page = pageOf(
    reportOf([judged('a', 'b', 0.9, true, hostile), judged('b', 'b', 0.5, true)]),
    (id) => `${id}<iframe src="//evil.example">`,
  );
  // Everything in angle brackets is ours; a remote address stands in text alone.
  const tags = [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
  expect(
    tags.filter((tag) => /script|<img|iframe|<link|<object|<base|\son\w+=|evil|https?:/i.test(tag)),
  ).toEqual([]);
  expect(tags.filter((tag) => /\b(src|href|style|action)=/i.test(tag))).toEqual([]);
  expect(page).toContain('&lt;script src=&quot;https://evil.example/x.js&quot;&gt;');
  expect(page.match(/<style>/g)).toHaveLength(1);
  expect(page.match(/<\/title>/g)).toHaveLength(page.match(/<title>/g)?.length ?? 0);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  expect(policy).toMatch(/^default-src &#39;none&#39;; style-src &#39;sha256-[A-Za-z0-9+/=]{44}&#39;;/);
});

test('a page of a report has a line for each category and confusion, and where it stands', () => {
  const page = pageOf(reportOf(EIGHT));
  expect(page.match(/role="rowheader"/g)).toHaveLength(2);
  expect(page.match(/<li><details>/g)).toHaveLength(3);
  expect(page).toContain('class="ring"');
  expect(page).toContain('It is sure of 5 of 8 mails');
  expect(page).toContain('5\u00a0% may be');
});

test('a page is for nobody else to read, whoever could read the file that it takes the place of', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-page-'));
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, 'for all to read', { mode: 0o644 });
    writePage(file, { title: '', about: [], report: reportOf(EIGHT), names: String, wrongAtMost: null });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
