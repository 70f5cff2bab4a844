/** What the bench makes of what it measured: sums, verdicts, ratios and pictures, all without a server. */
import { expect, test } from 'vitest';
import { ratios } from './compare.ts';
import { endings } from './endings.ts';
import { type Figures, headline, type Parts } from './figures.ts';
import { againstGoals } from './goals.ts';
import { failuresIn } from './mailboxes.ts';
import { growthOf } from './memory.ts';
import { readOptions } from './options.ts';
import { byTens, inFigures, straight } from './plot/scale.ts';
import { plotOf } from './plot.ts';
import { type Stamps, stageTimes } from './stages.ts';
import { median, slope, spread } from './statistics.ts';
import { summary } from './throughput.ts';

const measured = (perSecond: number, floors: readonly [number, number], cpuMsPerMail = 8) => ({
  run: {
    perSecond,
    cpuMsPerMail,
    processCpuMsPerMail: { mailer: perSecond },
    serverCpuMsPerMail: { redis: 1 },
  },
  floors: [
    { perSecond: floors[0], cpuMsPerMail: 4 },
    { perSecond: floors[1], cpuMsPerMail: 4 },
  ] as const,
  rssMb: { mailer: 150 },
});

const latency = { p50: 100, p90: 140, p99: 160, max: 170 };
const oneRate = {
  ...{ mails: 300, offerLatencyMs: latency, acknowledgementLatencyMs: latency, arrivalLatencyMs: latency },
  ...{ acknowledgementArrivalLatencyMs: latency, drainMs: 400, keepsUp: true, cpuMsPerMail: 9 },
  stages: [{ to: 'stored', ms: 5, p99: 9 } as const],
};

function figuresOf(parts: Parts): Figures {
  const machine = { cores: 2, cpu: 'a <fast> one', memoryMb: 8_000, load: 0 };
  const about = { at: '2026-03-02T09:00:00.000Z', seconds: {}, machine, versions: {} };
  return { ...headline(parts), ...parts, wrong: [], ...about };
}

const production = summary([measured(100, [200, 200]), measured(140, [200, 280]), measured(90, [280, 280])]);

test('each run is held against the floors before and after it, and the run in the middle speaks for all', () => {
  expect(production.ratioToFloor).toEqual({ median: 0.5, least: 0.32, most: 0.58 });
  expect(production.requestsPerSecond).toEqual({ median: 100, least: 90, most: 140 });
  expect(production.cpuRatioToFloor.median).toBe(2);
  expect(production.processCpuMsPerMail).toEqual({ mailer: 100 });
});

test('a goal is a ratio to the floor, and what is computing may take as much longer as the floor does', () => {
  const figures = figuresOf({
    throughput: { mails: 100, shapes: { production } },
    latency: { 10: oneRate },
  });
  const of = (what: string) => againstGoals(figures).find(({ figure }) => figure === what);
  expect(of('requests/s over the floor, production')).toMatchObject({ value: 0.5, verdict: 'short' });
  // The floor takes 4 ms instead of 1.75, so 40 ms may be 91.
  expect(of('ms from EXISTS to the offer, p50 at 10/s')).toMatchObject({
    solid: 91,
    goal: 46,
    verdict: 'short',
  });
  expect(of('ms from EXISTS to the offer, p99 at 10/s')).toMatchObject({
    solid: 343,
    goal: 137,
    verdict: 'solid',
  });
  expect(of('ms from delivery to the offer, p50 at 10/s')).toMatchObject({ solid: 300, verdict: 'solid' });
  expect(of('MB resident, mailer')).toMatchObject({ verdict: 'goal' });
});

test('a process that grows is told from one that is only restless', () => {
  const samples = Array.from({ length: 100 }, (_, at) => ({
    mails: at * 100,
    rssMb: { leaky: 100 + at, restless: 100 + (at % 2) * 40 },
  }));
  const { leaky, restless } = growthOf(samples, 10_000);
  expect(leaky).toMatchObject({ isFlat: false, mbPer10kMails: 100, mostMb: 199 });
  expect(restless).toMatchObject({ isFlat: true, mostMb: 140 });
});

test('a stage takes as long as since the stage before, of mails that were seen at both', () => {
  const at = (delivered: number, announced: number | null): Stamps => ({
    ...{ delivered, announced, stored: 130, classified: null, routed: null },
    ...{ 'attempt begun': null, 'at the sink': null, recorded: null },
  });
  expect(stageTimes([at(0, 100), at(40, null), at(60, 110)])).toEqual([
    { to: 'announced', ms: 75, p99: 100 },
    { to: 'stored', ms: 25, p99: 30 },
  ]);
});

test('another run is compared figure by figure, and neither its samples nor its machine', () => {
  const run = (perSecond: number, extra = {}) => ({
    ...{ machine: { cores: perSecond }, memory: { samples: [{ mails: perSecond }] } },
    throughput: { median: perSecond, least: perSecond },
    ...extra,
  });
  expect(ratios(run(150, { isNew: 3 }), run(100))).toEqual([
    { figure: 'throughput.median', now: 150, earlier: 100, ratio: 1.5 },
  ]);
});

test('medians, spreads and slopes are those of the values', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(spread([3, 1, 2.345])).toEqual({ median: 2.35, least: 1, most: 3 });
  expect(slope([1, 2, 3].map((x) => ({ x, y: 5 - 2 * x })))).toBeCloseTo(-2);
  expect(slope([{ x: 1, y: 1 }])).toBe(0);
});

test('all that was started is ended, last first and once, whatever one of them does', async () => {
  const ended: string[] = [];
  const troubles: unknown[] = [];
  const ends = endings((error) => troubles.push(error));
  ends.add(() => ended.push('server'));
  ends.add(() => Promise.reject(new Error('stuck')));
  const endClient = ends.add(() => ended.push('client'));
  await endClient();
  await ends.closeAll();
  await ends.closeAll();
  expect(ended).toEqual(['client', 'server']);
  expect(troubles).toEqual([new Error('stuck')]);
});

test('options say what they cannot use, memory is measured only when it is asked for, and a quick pass is short', () => {
  expect(readOptions([])).toMatchObject({
    mails: 1_000,
    rates: [1, 10, 50],
    shapes: ['production', 'embedded'],
  });
  expect(readOptions([])?.only).not.toContain('memory');
  expect(readOptions(['--quick', '--mails', '30'])).toMatchObject({ mails: 30, mailboxes: 40, repeats: 1 });
  expect(readOptions(['--help'])).toBeNull();
  for (const [args, words] of [
    [['--only', 'throughput,speed'], 'not "speed"'],
    [['--mails', '0'], '--mails wants a whole number'],
    [['--rates', '1,,5'], '--rates wants numbers'],
    [['--copies', '1.5'], '--copies wants whole numbers'],
    [['--loud'], '--loud'],
  ] as const)
    expect(() => readOptions(args)).toThrow(words);
});

test('failures of mailboxes are counted by their codes', () => {
  const line = (code: string) => `{"code":"${code}","msg":"the mailbox cannot be read"}\n`;
  expect(
    failuresIn(`${line('imap-unreachable').repeat(2) + line('poll-failed')}{"msg":"imap-closed"}\n`),
  ).toEqual({
    'imap-unreachable': 2,
    'poll-failed': 1,
  });
});

test('marks of an axis are round, begin at nought and reach the greatest value', () => {
  const scale = straight(430, 300, 0);
  expect(scale.marks).toEqual([0, 100, 200, 300, 400, 500]);
  expect([scale.at(0), scale.at(250), scale.at(500)]).toEqual([300, 150, 0]);
  expect(straight(0.07, 0, 1).marks).toEqual([0, 0.02, 0.04, 0.06, 0.08]);
  const tens = byTens(3, 800, 0, 300);
  expect(tens.marks).toEqual([1, 10, 100, 1_000]);
  expect([tens.at(0), tens.at(10), tens.at(1_000)]).toEqual([0, 100, 300]);
  expect([12_500, 0.0512, 41.26, 0].map(inFigures)).toEqual(['12,500', '0.051', '41.3', '0']);
});

test('the picture has a panel for each part that was measured, with titles and units, and is well-formed', () => {
  const samples = [0, 100, 200].map((mails) => ({ mails, rssMb: { mailer: 150 } }));
  const figures = figuresOf({
    throughput: { mails: 100, shapes: { production } },
    latency: { 10: oneRate },
    memory: { mails: 200, seconds: 3, perSecond: 60, processes: growthOf(samples, 200), samples },
  });
  const svg = plotOf(figures);
  for (const words of [
    'Throughput against the floor',
    'mails per second',
    'From EXISTS to the offer',
    'Resident memory',
  ])
    expect(svg).toContain(`>${words}</text>`);
  expect(svg).not.toContain('After an outage');
  expect(svg).toContain('a &lt;fast&gt; one');
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  expect(svg.match(/<g /g)?.length).toBe(svg.match(/<\/g>/g)?.length);
  expect(plotOf(figuresOf({}))).toMatch(/<\/svg>\n$/);
});
