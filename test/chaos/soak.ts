/**
 * `npm run soak`: thousands of mails through real servers while workers are killed with -9, or while Redis is emptied
 * and stopped; then `baton verify --sent` judges. Exit 0 only when every promise held.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openProduction, startServers } from '../support/stack/production.ts';
import { killStorm, redisStorm, type StormReport } from '../support/stack/storms.ts';

const USAGE = `Usage: npm run soak -- [--fault kill|redis] [--mails N] [--per-second N] [--seed N] [--pause-ms N] [--stop-seconds N] [--json FILE]

Wants Dovecot, Redis, PostgreSQL and smtp-sink installed:
  apt-get install dovecot-imapd redis-server postgresql postfix
`;
const HOUR_MS = 3_600_000;

const { values } = parseArgs({
  options: {
    fault: { type: 'string', default: 'kill' },
    mails: { type: 'string' },
    'per-second': { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    'pause-ms': { type: 'string', default: '2500' },
    'stop-seconds': { type: 'string', default: '60' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || !['kill', 'redis'].includes(values.fault)) {
  process.stderr.write(USAGE);
  process.exitCode = values.help ? 0 : 64;
} else process.exitCode = (await soak()) ? 0 : 1;

async function soak(): Promise<boolean> {
  const servers = await startServers();
  const production = await openProduction(servers);
  const begunAt = Date.now();
  const say = (line: string) =>
    void process.stderr.write(
      `${String(Math.round((Date.now() - begunAt) / 1_000)).padStart(5)} s  ${line}\n`,
    );
  const common = { perSecond: Number(values['per-second']), deadlineMs: HOUR_MS, say };
  try {
    const report =
      values.fault === 'kill'
        ? await killStorm(production, {
            ...common,
            mails: Number(values.mails ?? 3_000),
            seed: Number(values.seed),
            pauseMs: Number(values['pause-ms']),
            hurry: false,
          })
        : await redisStorm(production, servers, {
            ...common,
            mails: Number(values.mails ?? 500),
            stopMs: Number(values['stop-seconds']) * 1_000,
          });
    const text = `${JSON.stringify({ fault: values.fault, seed: Number(values.seed), ok: isKept(report), ...report }, null, 2)}\n`;
    if (values.json === undefined) process.stdout.write(text);
    else writeFileSync(values.json, text);
    say(isKept(report) ? 'every promise held' : 'a promise was broken');
    return isKept(report);
  } finally {
    await production.close();
    await servers.end();
  }
}

function isKept({ verifyOk, wrongRows, notAcknowledged, acknowledgedTwice }: StormReport): boolean {
  return verifyOk && wrongRows === 0 && notAcknowledged === 0 && acknowledgedTwice === 0;
}
