/** `baton digest`: the daily digest of a manager as it would be now or at a time. It shows and never sends. */
import { type Command, Option } from 'commander';
import { postgresOutages } from '../adapters/db/outages.ts';
import { createPool } from '../adapters/db/pool.ts';
import { whetherItRuns } from '../adapters/db/running.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { withFormerMembers } from '../app/adopt-policy.ts';
import { type PreviewedDigest, previewDigest } from '../app/preview-digest.ts';
import { toPolicy } from '../config/policy.ts';
import { type DigestItem, sinceOf, whyOf } from '../domain/digest/digest.ts';
import { type Instant, toDate } from '../domain/instant.ts';
import type { Member, Policy } from '../domain/policy.ts';
import { nextStandingMailAt } from '../domain/standing-mails.ts';
import { timeZoneAt } from '../domain/work-pattern.ts';
import { watchedOf } from '../runtime/alarm.ts';
import { borrowDatabase, timeOf } from '../runtime/database.ts';
import { warnAtRest } from './at-rest.ts';
import { configOption, loadForReading } from './config-option.ts';
import { managerNamed, noManager } from './manager-option.ts';
import { instantOf, nowBy } from './moment-option.ts';

type DigestOptions = {
  readonly to: string;
  readonly config: string;
  readonly at?: string;
  readonly html?: boolean;
  readonly json?: boolean;
};

export function addDigest(program: Command): void {
  program
    .command('digest')
    .description('show the daily digest of a manager as it would be now')
    .requiredOption('--to <name>', 'the manager: an id, a name or an address')
    .addOption(configOption())
    .option('--preview', 'show it without sending it, which is what this command does in any case')
    .addOption(new Option('--html', 'as HTML, to be opened in a browser').conflicts('json'))
    .addOption(
      new Option('--at <time>', 'as it would be then on what is known now, such as 2026-03-04T08:00'),
    )
    .option('--json', 'answer as JSON')
    .addHelpText(
      'after',
      '\nNothing is sent: a digest by hand would be a second one on that day, or take the place of the one that comes by' +
        '\nitself. The addresses that it names for single mails are samples, and answers to them reach nobody.' +
        '\n\nExamples:\n  npx baton digest --to dana --config baton.yaml' +
        '\n  npx baton digest --to dana --html > digest.html' +
        '\n  npx baton digest --to dana --at 2026-03-09T08:00 --json',
    )
    .action(run);
}

/** In place of the secret: what is shown on a terminal gives nobody a right. */
const NO_SECRET = 'preview';

async function run(options: DigestOptions): Promise<void> {
  const { config } = loadForReading(options.config);
  const policy = toPolicy(config);
  const manager = managerNamed(policy, options.to, 'digest');
  const now = nowBy(await timeOf(config));
  const timeZone = timeZoneAt(manager.schedule, now);
  const at = instantOf(options.at, now, timeZone, manager.name);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 1, applicationName: 'baton-digest' });
  const store = postgresStore({ pool, time: { now: () => at } });
  try {
    warnAtRest(await whetherItRuns(pool, database.time), now, timeZone);
    const known = await withFormerMembers(store, policy);
    const { troubles } = await postgresOutages({ pool, time: database.time }).look(watchedOf(config));
    const shown = await previewDigest({ store, secret: NO_SECRET }, known, manager.id, at, troubles);
    if (shown === null) throw noManager(policy, manager, 'digest');
    process.stdout.write(formOf(shown, options));
    if (!options.json) process.stderr.write(`${whenItComes(policy, manager, at)}\n`);
  } finally {
    await store.close();
    await database.stop();
  }
}

function formOf(shown: PreviewedDigest, { html, json }: DigestOptions): string {
  if (json) return `${JSON.stringify(asJson(shown))}\n`;
  const { subject, text, html: page } = shown.mail;
  return html ? (page ?? '') : `Subject: ${subject}\n\n${text}`;
}

function asJson({ digest, mail }: PreviewedDigest): object {
  const { at, since, items, load, mail: flow, listed: _, ...rest } = digest;
  return {
    subject: mail.subject,
    at: iso(at),
    since: iso(since),
    ...rest,
    items: items.map(itemAsJson),
    load: load.map(({ awayUntil, ...one }) => ({
      ...one,
      awayUntil: awayUntil === null ? null : iso(awayUntil),
    })),
    mail: {
      ...flow,
      ...(flow.signInsEnding === undefined
        ? {}
        : {
            signInsEnding: flow.signInsEnding.map(({ inboxId: inbox, at: end }) => ({ inbox, at: iso(end) })),
          }),
      outages: flow.outages.map(({ inboxId: inbox, kind, since: from, until }) => ({
        ...{ kind, inbox, since: iso(from), until: until === null ? null : iso(until) },
      })),
    },
  };
}

function itemAsJson(item: DigestItem): object {
  const first = { type: item.type, why: whyOf(item), since: iso(sinceOf(item)) };
  switch (item.type) {
    case 'request': {
      const { id, inboxId: inbox, owner, accountable, asked, troubles } = item;
      const all = troubles.map(({ why, since }) => ({ why, since: iso(since) }));
      return { ...first, id, inbox, owner, accountable, asked, troubles: all };
    }
    case 'parked':
      return { ...first, id: item.messageId, inbox: item.inboxId, accountable: item.accountable };
    case 'member':
      return { ...first, id: item.member, count: item.count, code: item.code };
    default:
      return item satisfies never;
  }
}

const iso = (at: Instant): string => toDate(at).toISOString();

/** Told beside it, since its time is what people ask next. */
function whenItComes(policy: Policy, manager: Member, at: Instant): string {
  const next = nextStandingMailAt(policy, manager.id, 'digest', at);
  if (next === null)
    return `Nothing was sent. ${manager.name} gets none by mail: it is switched off ("digest: off").`;
  const { timeZone } = manager.schedule;
  const when = toDate(next).toLocaleString('en-GB', { timeZone, dateStyle: 'full', timeStyle: 'short' });
  return `Nothing was sent. ${manager.name} gets the next one by mail on ${when} (${timeZone}).`;
}
