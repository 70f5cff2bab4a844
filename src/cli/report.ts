/** `baton report`: the weekly report of a manager as it would be now or at a time. It shows and never sends. */
import { type Command, Option } from 'commander';
import { createPool } from '../adapters/db/pool.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { withFormerMembers } from '../app/adopt-policy.ts';
import { type PreviewedReport, previewWeeklyReport } from '../app/weekly-report.ts';
import { toPolicy } from '../config/policy.ts';
import { type Duration, fromMs, type Instant, MINUTE, toDate } from '../domain/instant.ts';
import type { Member, Policy } from '../domain/policy.ts';
import { nextStandingMailAt } from '../domain/standing-mails.ts';
import type { Figures, Times } from '../domain/weekly-report/figures.ts';
import type { LearnedWeek } from '../domain/weekly-report/learned.ts';
import type { Percentile } from '../domain/weekly-report/percentile.ts';
import type { Compared, Group, WeekFigures, WeeklyReport } from '../domain/weekly-report/report.ts';
import { timeZoneAt } from '../domain/work-pattern.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { configOption, loadOrEnd } from './config-option.ts';
import { managerNamed, noManager } from './manager-option.ts';
import { instantOf } from './moment-option.ts';

type ReportOptions = {
  readonly to: string;
  readonly config: string;
  readonly at?: string;
  readonly html?: boolean;
  readonly json?: boolean;
};

export function addReport(program: Command): void {
  program
    .command('report')
    .description('show the weekly report of a manager as it would be now')
    .requiredOption('--to <name>', 'the manager: an id, a name or an address')
    .addOption(configOption())
    .addOption(new Option('--html', 'as HTML, to be opened in a browser').conflicts('json'))
    .option('--at <time>', 'as it would be then on what is known now, such as 2026-03-09T08:00')
    .option('--json', 'answer as JSON, with all times in minutes')
    .addHelpText(
      'after',
      '\nNothing is sent. It is about the seven days before the last day on which the report was due, usually a Monday.' +
        '\n\nExamples:\n  npx baton report --to dana --config baton.yaml' +
        '\n  npx baton report --to dana --html > report.html' +
        '\n  npx baton report --to dana --at 2026-03-09T08:00 --json',
    )
    .action(run);
}

async function run(options: ReportOptions): Promise<void> {
  const { config } = loadOrEnd(options.config);
  const policy = toPolicy(config);
  const manager = managerNamed(policy, options.to, 'weekly report');
  const at = instantOf(options.at, timeZoneAt(manager.schedule, fromMs(Date.now())), manager.name);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 1, applicationName: 'baton-report' });
  const store = postgresStore({ pool, time: { now: () => at } });
  try {
    const known = await withFormerMembers(store, policy);
    const shown = await previewWeeklyReport({ store }, known, manager.id, at);
    if (shown === null) throw noManager(policy, manager, 'weekly report');
    process.stdout.write(formOf(shown, options));
    if (!options.json) process.stderr.write(`${whenItComes(policy, manager, shown.report)}\n`);
  } finally {
    await store.close();
    await database.stop();
  }
}

function formOf(shown: PreviewedReport, { html, json }: ReportOptions): string {
  if (json) return `${JSON.stringify(asJson(shown))}\n`;
  const { subject, text, html: page } = shown.mail;
  return html ? (page ?? '') : `Subject: ${subject}\n\n${text}`;
}

/** Told beside it, since its time is what people ask next. */
function whenItComes(policy: Policy, manager: Member, report: WeeklyReport): string {
  const next = nextStandingMailAt(policy, manager.id, 'weekly-report', report.at);
  if (next === null)
    return `Nothing was sent. ${manager.name} gets none by mail: it is switched off ("weeklyReport: off").`;
  const timeZone = timeZoneAt(manager.schedule, next);
  const when = toDate(next).toLocaleString('en-GB', { timeZone, dateStyle: 'full', timeStyle: 'short' });
  return `Nothing was sent. ${manager.name} gets the next one by mail on ${when} (${timeZone}).`;
}

// ── As JSON: times in minutes, instants in ISO 8601 ──

export function asJson({ report, mail }: PreviewedReport): object {
  const { date, at, inboxes, compared, weeks, all, urgent, teams, categories, causes, last, learned } =
    report;
  return {
    subject: mail.subject,
    date,
    at: iso(at),
    inboxes,
    comparedWeeks: compared,
    weeks: weeks.map(weekAsJson),
    all: comparedAsJson(all),
    urgent: urgent === null ? null : comparedAsJson(urgent),
    teams: teams.map(groupAsJson),
    categories: categories.map(groupAsJson),
    escalations: { causes, last },
    learned: learned === undefined ? null : learnedAsJson(learned),
  };
}

const learnedAsJson = ({ lowered, ...counts }: LearnedWeek): object => ({
  ...counts,
  lowered: lowered && { ...lowered, since: iso(lowered.since) },
});

const weekAsJson = ({ from, until, accept, answer, done, ...rest }: WeekFigures): object => ({
  from: iso(from),
  until: iso(until),
  ...rest,
  accept: timesAsJson(accept),
  answer: timesAsJson(answer),
  done: timesAsJson(done),
});

const groupAsJson = ({ id, escalations, ...figures }: Group<string>): object => ({
  id,
  ...comparedAsJson(figures),
  escalations,
});

const comparedAsJson = ({ week, before }: Compared): object => ({
  week: figuresAsJson(week),
  before: figuresAsJson(before),
});

const figuresAsJson = ({ accept, answer, done, ...rest }: Figures): object => ({
  ...rest,
  accept: timesAsJson(accept),
  answer: timesAsJson(answer),
  done: timesAsJson(done),
});

const timesAsJson = ({ count, waiting, half, most }: Times): object => ({
  count,
  waiting,
  median: percentileAsJson(half),
  p90: percentileAsJson(most),
});

/** `over`: longer than that, and nobody knows yet how much. */
const percentileAsJson = (found: Percentile | null): object | null =>
  found && { minutes: minutes(found.within), over: found.over };

const minutes = (time: Duration): number => Math.round((time / MINUTE) * 10) / 10;

const iso = (at: Instant): string => toDate(at).toISOString();
