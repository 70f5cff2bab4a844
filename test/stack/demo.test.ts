/** The demo's day on the real parts: as a command, twice at once, and with a promise broken at its end. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { postgresOutages } from '../../src/adapters/db/outages.ts';
import { watchedOf } from '../../src/runtime/alarm.ts';
import { untilAtRest } from '../../src/runtime/at-rest.ts';
import { timeOf } from '../../src/runtime/database.ts';
import { OFFICE } from '../../src/runtime/demo/company.ts';
import { isKept, judgeDay, lastLine } from '../../src/runtime/demo/outcome.ts';
import { playDay } from '../../src/runtime/demo/play.ts';
import { dayReport } from '../../src/runtime/demo/report.ts';
import type { Received } from '../../src/runtime/demo/world.ts';
import { MailWorkers, startWorkers } from '../../workers/all.ts';

const DAY_MS = 150_000;
const LAST_LINE = '20 requests, 20 accountable at every instant, 0 lost, 0 duplicated';
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const silent = { info: () => {}, warn: () => {}, error: () => {} };

function runDemo(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, 'demo', '--exit'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}

test(
  'two demos at once each play their day to its end and say one line on standard output',
  async () => {
    for (const { code, stdout, stderr } of await Promise.all([runDemo(), runDemo()])) {
      expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${LAST_LINE}\n` });
      const widest = Math.max(...tablesIn(stderr).map((line) => [...line].length));
      expect(widest).toBeLessThanOrEqual(100);
      expect(stderr).toMatch(/Sent from my iPhone\s+\[IMG_2204\.jpg,\s+IMG_2205\.jpg\]/);
    }
  },
  DAY_MS,
);

test(
  'a day whose promises do not hold is told so, and the demo leaves nothing behind',
  async () => {
    const { signal } = new AbortController();
    const halt = new AbortController();
    let halted: Promise<unknown> = Promise.resolve();
    const { stage, board, names } = await playDay({
      startWork: async (services, until) => {
        const untilHalted = AbortSignal.any([until, halt.signal]);
        const started = await startWorkers(services, MailWorkers, untilHalted, () => {});
        halted = started.ended;
        return started;
      },
      log: silent,
      say: () => {},
      signal,
      show: () => {},
    });
    const { data } = stage.services.settings.config;
    try {
      expect(await judgeDay(stage, signal)).toMatchObject({ violations: [], lost: 0, duplicated: 0 });
      const report = await dayReport({ board, names, time: () => '00:00', sample: 'Leak under' });
      expect(report).toContain('Dana, who must decide');

      await stage.letTimeRun();
      const { config } = stage.services.settings;
      const outages = postgresOutages({ pool: stage.pool, time: await timeOf(config) });
      expect(await outages.look(watchedOf(config))).toMatchObject({ troubles: [] });
      expect((await stage.pool.query('SELECT * FROM outage')).rows).toEqual([]);

      const [first] = stage.received;
      (stage.received as Received[]).push(first as Received);
      await stage.pool.query(
        `UPDATE conversation_words SET subject = 'Flood' WHERE subject LIKE 'Leak under%'`,
      );
      halt.abort();
      await halted;
      stage.server.append(OFFICE, 'INBOX', Buffer.from('Subject: nobody reads this\r\n\r\nHello\r\n'));
      const broken = await judgeDay(stage, signal);
      expect(isKept(broken)).toBe(false);
      expect(lastLine(broken)).toBe('20 requests, 20 accountable at every instant, 1 lost, 1 duplicated');
      expect(broken.violations.join('\n')).toMatch(/I1 mails on the server that were never taken in/);
      expect(broken.violations.join('\n')).toMatch(/I6 notices received more often/);
      expect(broken.violations).toContain('0 requests about "Leak under" instead of one');
      const work = untilAtRest({
        pool: stage.pool,
        time: stage.clock,
        highestUids: () => new Map([['office/INBOX', 1_000_000]]),
        deadlineMs: 1,
      });
      await expect(work).rejects.toThrow(/office\/INBOX read to \d+ of 1000000/);
    } finally {
      await stage.close();
    }
    expect(existsSync(data)).toBe(false);
  },
  DAY_MS,
);

/** Everything behind the last happening. */
const tablesIn = (stderr: string): string[] =>
  stderr.slice(stderr.indexOf('Who answers for what')).split('\n');
