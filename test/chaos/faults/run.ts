/** One run: servers and workers, mail and faults together, then rest, then judgement. */
import type pg from 'pg';
import type { Report } from '../../../src/app/verify.ts';
import { baton } from '../../support/processes.ts';
import { human } from '../../support/stack/human.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { type Broken, check } from './check.ts';
import { type Crew, type CrewReport, openCrew } from './crew.ts';
import { keepForLook } from './keep.ts';
import { Faults } from './kinds.ts';
import { openMaildrop } from './maildrop.ts';
import { Manifest } from './manifest.ts';
import { unseenMutants } from './mutants.ts';
import { leaksIn, leaksInRedis, type Observed, observe, sunkIn } from './observed.ts';
import { type Readiness, unseen, watchReadiness } from './readiness.ts';
import { type Recovery, recoveries, slowest } from './recovery.ts';
import { type Rest, untilAtRest, untilQuiet } from './rest.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { openSetting, type Setting } from './setting.ts';
import { type Struck, strikeAll } from './strike.ts';
import { startTraffic } from './traffic.ts';

export type RunOptions = {
  readonly seed: number;
  readonly seconds: number;
  /** How long Baton may take to come to rest. */
  readonly patienceSeconds: number;
  readonly say: (line: string) => void;
};

export type RunReport = {
  readonly seed: number;
  readonly seconds: number;
  readonly ok: boolean;
  readonly mails: Readonly<Record<string, number>>;
  readonly mailsInAll: number;
  readonly received: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Faults that could not be brought about, and why. */
  readonly notStruck: readonly string[];
  readonly leftOut: readonly string[];
  readonly rest: Rest;
  readonly verify: { readonly code: number | null; readonly report: Report | null; readonly stderr: string };
  readonly violations: readonly Broken[];
  readonly workers: CrewReport;
  readonly recovery: Readonly<Record<string, Recovery>>;
  readonly medianSeconds: number;
  readonly slowestSeconds: number;
  /** How often `/readyz` said no, by worker and reason. */
  readonly red: Readonly<Record<string, number>>;
  readonly schedule: Schedule;
  /** Where what is needed to look closer lies, if a promise was broken. */
  readonly kept?: string;
};

const WATCHED_MS = 120_000;

/** However it ends, nothing that it started is left; `signal`: somebody wants it to end now. */
export async function run(options: RunOptions, signal: AbortSignal): Promise<RunReport> {
  const setting = await openSetting();
  let crew: Crew | null = null;
  try {
    crew = await openCrew(setting.workerConfig, options.say);
    return await Promise.race([underFaults(options, setting, crew), aborted(signal)]);
  } finally {
    await crew?.end();
    await setting.end();
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(new Error('it was asked to stop'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });

async function underFaults(options: RunOptions, setting: Setting, crew: Crew): Promise<RunReport> {
  const { seed, seconds, patienceSeconds, say } = options;
  const { pool, sink, dovecot, user, password } = setting;
  const schedule = scheduleOf(seed, seconds);
  const manifest = new Manifest();
  const drop = openMaildrop(dovecot.maildir(user));
  const person = human({ port: dovecot.port, user, password });
  await waitUntil(
    'the mailbox is watched',
    async () =>
      (await pool.query("SELECT FROM mailbox WHERE role = 'inbox' AND polled_at IS NOT NULL")).rowCount !== 0,
    WATCHED_MS,
  );
  say(`${crew.workers.length} workers run; ${schedule.faults.length} faults in ${seconds} s`);
  const readiness = watchReadiness(crew);
  const traffic = startTraffic({ seed, seconds, paces: schedule.paces, drop, manifest, sent: sink.folder });
  const [struck] = await Promise.all([
    strikeAll(schedule, { setting, crew, manifest, drop, person }, say),
    traffic.ended,
  ]);
  say(`the faults are over; ${manifest.mails.length} mails were put into the mailbox`);
  const patienceMs = patienceSeconds * 1_000;
  const first = await untilAtRest(pool, manifest, patienceMs, say);
  await traffic.stop();
  // What members were just writing.
  const last = first.seconds === null ? first : await untilAtRest(pool, manifest, patienceMs, say);
  // As long as clocks fire, there is always something that fell due just now.
  await crew.stop(['clock']);
  const quiet = last.seconds === null ? last : await untilQuiet(pool, patienceMs, say);
  const rest = { ...quiet, seconds: quiet.seconds === null ? null : first.seconds };
  say(rest.seconds === null ? 'it did not come to rest' : `at rest after ${rest.seconds} s`);
  const leaks = await leaksInRedis(setting.redis.url, setting.secrets);
  await readiness.end();
  await crew.stop();
  const verify = await verified(setting);
  const logs = crew.logs().map(({ text }) => text);
  const seen = {
    sunk: sunkIn(sink.folder),
    lying: drop.lying(),
    leaks: [...leaks, ...leaksIn(logs, setting.secrets)],
  };
  const read = (database: Pick<pg.Pool, 'query'>) => observe({ database, ...seen });
  const observed = await read(pool);
  const blindTo = await unseenMutants(pool, manifest, read);
  const report = reportOf({
    options,
    schedule,
    manifest,
    struck,
    rest,
    verify,
    observed,
    blindTo,
    readiness,
    crew,
    setting,
  });
  if (report.ok) return report;
  return { ...report, kept: await keepForLook({ setting, crew, manifest, observed, struck, seed }) };
}

/** A process of its own, which goes past all that was broken. */
async function verified({ sink, directConfig }: Setting): Promise<RunReport['verify']> {
  const args = ['verify', '--sent', sink.folder, '--json', '--config', directConfig.path];
  const { code, stdout, stderr } = await baton(args, directConfig.env);
  return {
    code,
    report: stdout === '' ? null : (JSON.parse(stdout) as Report),
    stderr: stderr.slice(-2_000),
  };
}

type Judged = {
  readonly options: RunOptions;
  readonly schedule: Schedule;
  readonly manifest: Manifest;
  readonly struck: readonly Struck[];
  readonly rest: Rest;
  readonly verify: RunReport['verify'];
  readonly observed: Observed;
  /** What was planted and not seen. */
  readonly blindTo: readonly string[];
  readonly readiness: Readiness;
  readonly crew: Crew;
  readonly setting: Setting;
};

function reportOf(judged: Judged): RunReport {
  const { options, schedule, manifest, struck, rest, verify, observed, blindTo, readiness, crew, setting } =
    judged;
  const workers = crew.report();
  const violations = [
    ...check(manifest, observed),
    ...wrong('I15', 'workers that ended without having been killed', workers.ended),
    ...wrong(
      'I14',
      'faults that stopped mail and that /readyz did not tell of in time',
      unseen(struck, readiness.answers),
    ),
    ...wrong('none', 'what was planted to try the checker, and not seen', blindTo),
    ...wrong('I5', 'what did not come to rest', rest.seconds === null ? left(rest) : []),
  ];
  const happened = struck.filter(({ failed }) => failed === null);
  return {
    seed: options.seed,
    seconds: options.seconds,
    ok: verify.code === 0 && violations.length === 0,
    mails: counted(manifest.mails.map(({ class: name }) => name)),
    mailsInAll: manifest.mails.length,
    received: observed.sunk.length,
    faults: counted(happened.map(({ kind }) => kind)),
    notStruck: struck.flatMap(({ kind, failed }) => (failed === null ? [] : [`${kind}: ${failed}`])),
    leftOut:
      setting.disk === null
        ? [`disk-full: ${Faults['disk-full'].what}, since nobody but root may mount`]
        : [],
    rest,
    verify,
    violations,
    workers,
    recovery: recoveries(struck, manifest.mails, observed.sunk),
    ...slowest(manifest.mails, observed.sunk),
    red: counted(readiness.answers.flatMap(({ kind, reasons }) => reasons.map((code) => `${kind} ${code}`))),
    schedule,
  };
}

const wrong = (invariant: string, what: string, ids: readonly string[]): Broken[] =>
  ids.length === 0 ? [] : [{ invariant, what, ids }];

const left = ({ left: waiting }: Rest): string[] =>
  Object.entries(waiting).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));

function counted(names: readonly string[]): Record<string, number> {
  const groups = [...Map.groupBy(names, (name) => name)].map(
    ([name, group]) => [name, group.length] as const,
  );
  return Object.fromEntries(groups.sort(([a], [b]) => a.localeCompare(b)));
}
