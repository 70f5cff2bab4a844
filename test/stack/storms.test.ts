/** Short storms over the production shape on real servers; `npm run chaos` has all faults at once. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProduction, type Production, startServers } from '../support/stack/production.ts';
import { killStorm } from '../support/stack/storms.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const LONG = { timeout: 180_000 };
const SENDING = ['poller', 'classifier', 'router', 'mailer', 'mailer'] as const;
const said: string[] = [];
const say = (line: string) => void said.push(line);
const KEPT = {
  verifyOk: true,
  violations: [],
  wrongRows: 0,
  notAcknowledged: 0,
  acknowledgedTwice: 0,
};

describeOn(['dovecot', 'redis', 'postgres', 'smtp-sink'], 'Baton as processes on real servers', () => {
  const servers = useServer(startServers);
  let production: Production;
  beforeEach(async () => {
    production = await openProduction(servers());
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${said.join('\n')}\n`);
    said.length = 0;
    await production.close();
  });

  test(
    'hazards 25: 150 mails arrive while workers are killed with -9, and each is settled once and acknowledged once',
    LONG,
    async () => {
      const report = await killStorm(production, {
        ...{ mails: 150, perSecond: 15, seed: 3, pauseMs: 300, hurry: true, deadlineMs: 120_000, say },
      });
      expect(report).toMatchObject({ ...KEPT, dispositions: { request: 150 }, acknowledgements: 150 });
      expect(Object.keys(report.kills).sort()).toEqual(['classifier', 'mailer', 'poller', 'router']);
    },
  );

  // The same is counted in memory and raced for in PostgreSQL within every run; this one takes a minute on a busy machine.
  test.runIf(process.env.BATON_FORGED_STORM === '1')(
    'hazards 39: of 60 senders whom nothing proves two mailers tell exactly as many as the cap says, and verify counts the others',
    LONG,
    async () => {
      await production.close();
      production = await openProduction(servers(), 10);
      for (const kind of SENDING) await production.start(kind);
      await production.untilWatched();
      await production.deliver(60);
      await waitUntil('all work is done', () => production.isAtRest(), 120_000);
      const { code, report } = await production.verify();
      expect({ code, violations: report.violations }).toEqual({ code: 0, violations: [] });
      expect(report.counts.capped).toEqual({ 'unproved-cap': 50 });
      // Ten confirmations, and a question to a teammate about each request.
      expect(await production.outcome()).toMatchObject({ wrongRows: 0, notAcknowledged: 50, received: 70 });
    },
  );
});
