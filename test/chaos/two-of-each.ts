/**
 * `npm run two-of-each`: the services of docker-compose.yml by hand, as the same commands on PostgreSQL, Redis and
 * Dovecot of their own, two of each worker. One of each kind is killed with -9 while mail flows, then each is replaced
 * by a new one as a rolling restart does it; then `baton verify --sent` judges, and what came out is counted. Exit 0
 * only when nothing was lost, doubled or refused, and no confirmation took longer than a killed mailer's lease explains.
 */
import { parseArgs } from 'node:util';
import { FlowKinds } from '../../src/app/health.ts';
import { askedOf, demandServers, wholeNumber } from '../support/program.ts';
import { peakOf } from '../support/stack/peak-memory.ts';
import { openProduction, type Production, startServers, type Worker } from '../support/stack/production.ts';
import { waitUntil } from '../support/wait-until.ts';

const USAGE = `Usage: npm run two-of-each -- [--mails N] [--per-second N] [--old PROGRAM]

  --old   The first two of each are of an older Baton, whose src/cli/main.ts this is, on the schema of this one: an
          upgrade as it goes.

Wants Dovecot, Redis, PostgreSQL and smtp-sink installed:
  apt-get install dovecot-imapd redis-server postgresql postfix
`;
const HOUR_MS = 3_600_000;
/** What a killed mailer had in hand waits for the end of its lease, two minutes; a mailbox is taken over within 30 seconds. */
const UNNOTICED_SECONDS = 180;

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { mails: text, 'per-second': text, old: text, help: { type: 'boolean' } },
  });
  if (values.help === true) return null;
  return {
    mails: wholeNumber('mails', values.mails, 600, 1),
    perSecond: wholeNumber('per-second', values['per-second'], 8, 1),
    old: values.old,
  };
}

const asked = askedOf(USAGE, readOptions);

async function run(): Promise<boolean> {
  const { mails } = asked;
  const begunAt = Date.now();
  const say = (line: string) =>
    void process.stderr.write(
      `${String(Math.round((Date.now() - begunAt) / 1_000)).padStart(5)} s  ${line}\n`,
    );
  const servers = await startServers();
  const production = await openProduction(servers);
  try {
    // Two at a time: a dozen that start at once take minutes on a small machine.
    for (const kind of FlowKinds)
      await Promise.all([beginFirst(production, kind), beginFirst(production, kind)]);
    await production.untilWatched();
    say(`two of each: ${FlowKinds.join(', ')}`);
    const probes = probing(production);
    const delivering = production.deliver(mails, asked.perSecond);
    const came = (share: number) => waitUntil('mail', () => production.delivered() >= mails * share, HOUR_MS);
    for (const [at, kind] of FlowKinds.entries()) {
      await came((at + 1) / (2 * FlowKinds.length + 2));
      const victim = [...production.workers].find((worker) => worker.kind === kind);
      if (victim === undefined) throw new Error(`no ${kind} runs`);
      await production.kill(victim);
      say(`killed a ${kind} at mail ${production.delivered()}`);
    }
    const codes = await rollingRestart(production, say);
    await delivering;
    await waitUntil('all work is done', () => production.isAtRest(), HOUR_MS);
    const red = await probes.end();
    const memory = [...production.workers].map(({ kind, running }) => ({ kind, ...peakOf(running.pid) }));
    const { code, report } = await production.verify();
    const [figures] = (await production.pool.query<Figures>(FIGURES)).rows;
    const outcome = await production.outcome();
    const result = {
      ...{ mails, verifyOk: code === 0 && report.ok, violations: report.violations },
      ...{ dispositions: report.counts.dispositions, ...outcome, ...figures, exitCodes: codes, red, memory },
    };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    const isUnnoticed =
      result.verifyOk &&
      outcome.wrongRows + outcome.notAcknowledged + outcome.acknowledgedTwice === 0 &&
      figures?.offeredOnce === mails &&
      figures.slowestSeconds < UNNOTICED_SECONDS &&
      codes.every((one) => one === 0);
    say(isUnnoticed ? 'nobody outside noticed' : 'somebody outside could have noticed');
    return isUnnoticed;
  } finally {
    await production.close();
    await servers.end();
  }
}

/** An older one may not know every option. */
function beginFirst(production: Production, kind: Worker['kind']): Promise<Worker> {
  return asked.old === undefined ? begin(production, kind) : production.start(kind, [], asked.old);
}

function begin(production: Production, kind: Worker['kind']): Promise<Worker> {
  return production.start(kind, ['--observe', '0']);
}

/** As an upgrade goes: the new one is up before the old one is asked to end, which finishes what it has in hand. */
async function rollingRestart(
  production: Production,
  say: (line: string) => void,
): Promise<(number | null)[]> {
  const codes: (number | null)[] = [];
  for (const old of [...production.workers]) {
    await begin(production, old.kind);
    production.workers.delete(old);
    codes.push(await old.running.stop('SIGTERM'));
  }
  say(`each was replaced by a new one, at mail ${production.delivered()}`);
  return codes;
}

/** Asks every worker each second whether mail flows, as a load balancer would, and keeps who said no, and why. */
function probing(production: Production) {
  const red: Record<string, number> = {};
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      await Promise.all([...production.workers].map((worker) => ask(worker, red)));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await asking;
      return red;
    },
  };
}

async function ask({ running }: Worker, red: Record<string, number>): Promise<void> {
  const port = /Health and figures: http:\/\/[\d.]+:(\d+)/.exec(running.output())?.[1];
  const answer = port === undefined ? null : await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  if (answer === null || answer.ok) return;
  const { reasons } = (await answer.json()) as { reasons: { worker?: string; code: string }[] };
  for (const { worker = '', code } of reasons) red[`${worker} ${code}`] = (red[`${worker} ${code}`] ?? 0) + 1;
}

/** From the second in which a mail lay in the mailbox to the moment in which the server had taken its acknowledgement. */
const FIGURES = `
  SELECT (SELECT count(*) FROM (SELECT conversation_id FROM outbox WHERE kind = 'offer' AND state = 'sent'
      GROUP BY conversation_id HAVING count(*) = 1) AS once) AS "offeredOnce",
    percentile_cont(0.5) WITHIN GROUP (ORDER BY took)::float AS "medianSeconds", max(took)::float AS "slowestSeconds"
  FROM (SELECT extract(epoch from o.settled_at - m.received_at) AS took FROM outbox o
    JOIN message m ON m.conversation_id = o.conversation_id AND m.disposition = 'request'
    WHERE o.kind = 'acknowledgement' AND o.state = 'sent') AS answered`;

type Figures = {
  readonly offeredOnce: number;
  readonly medianSeconds: number;
  readonly slowestSeconds: number;
};

demandServers(['dovecot', 'redis', 'postgres', 'smtp-sink']);
process.exitCode = (await run()) ? 0 : 1;
