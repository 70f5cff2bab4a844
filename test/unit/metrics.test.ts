/** Names of figures are a promise to whoever wrote rules against them, and our own rules keep to it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { prometheus } from '../../src/adapters/metrics/prometheus.ts';
import type { Measures } from '../../src/app/ports/measures.ts';
import type { Change, Store, Transaction } from '../../src/app/ports/store.ts';
import { readPlace } from '../../src/cli/observe-option.ts';
import { measuredStore, timed } from '../../src/runtime/measured.ts';
import { remembered } from '../../src/runtime/remembered.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

type Rule = {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
};
const rules: readonly Rule[] = parse(read('config/operation/alerts.yaml')).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);

describe('figures', () => {
  test('keep the names that rules and dashboards are written against', () => {
    const { names } = prometheus();
    expect(
      names()
        .filter((name) => name.startsWith('baton_'))
        .sort(),
    ).toEqual([
      'baton_canary_age_seconds',
      'baton_canary_seconds',
      'baton_clock_late_seconds',
      'baton_database_up',
      'baton_mailbox_connected',
      'baton_mailbox_looked_seconds',
      'baton_mailbox_missing',
      'baton_mails_settled_total',
      'baton_mails_taken_in_total',
      'baton_model_age_seconds',
      'baton_model_version',
      'baton_outage_seconds',
      'baton_outbox_failed',
      'baton_pages_failed',
      'baton_pages_waiting',
      'baton_parked',
      'baton_parked_oldest_seconds',
      'baton_poller_reads',
      'baton_ready',
      'baton_requests',
      'baton_requests_attention',
      'baton_send_attempts_total',
      'baton_step_failures_total',
      'baton_step_seconds',
      'baton_work_oldest_seconds',
      'baton_work_waiting',
    ]);
  });

  test('count what a process did, by ids and codes', async () => {
    const { measures, page } = prometheus();
    measures.tookIn('office', 3);
    measures.tried('office', 'temporary');
    await timed(measures, 'classify', async () => {});
    await timed(measures, 'deliver', () => Promise.reject(new Error('it failed'))).catch(() => {});
    measures.watches('office', 'INBOX', true);
    const { text } = await page({ standing: null, ready: new Map() });
    expect(text).toContain('baton_mails_taken_in_total{inbox="office"} 3');
    expect(text).toContain('baton_send_attempts_total{inbox="office",outcome="temporary"} 1');
    expect(text).toContain('baton_step_seconds_count{step="classify"} 1');
    expect(text).toContain('baton_step_failures_total{step="deliver"} 1');
    expect(text).toContain('baton_step_failures_total{step="classify"} 0');
    expect(text).toContain('baton_poller_reads{inbox="office",folder="INBOX"} 1');
  });

  test('count a mail once it is committed, and none of what was rolled back', async () => {
    const told: string[] = [];
    const measures = {
      settled: (disposition: string, mails: number) => told.push(`${disposition} ${mails}`),
    } as unknown as Measures;
    let fails = true;
    const tx = { write: async () => ({ notices: [] }) } as unknown as Transaction;
    const store = measuredStore(
      {
        transact: async (_inboxes: unknown, work: (tx: Transaction) => Promise<unknown>) => {
          const answer = await work(tx);
          if (fails) throw new Error('rolled back');
          return answer;
        },
      } as unknown as Store,
      measures,
    );
    const row = (disposition: string) => ({ stage: 'settled', disposition });
    const change = { messages: [row('request'), row('bulk'), row('request')] } as unknown as Change;
    const settle = () => store.transact([], (inside) => inside.write(change));
    await expect(settle()).rejects.toThrow('rolled back');
    expect(told).toEqual([]);
    fails = false;
    await settle();
    expect(told).toEqual(['request 2', 'bulk 1']);
  });
});

describe('the alert rules', () => {
  test('ask only for figures that there are, and each is told apart by its name', () => {
    const known = new Set([...prometheus().names(), 'up']);
    expect(rules.length).toBeGreaterThan(10);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, expr } of rules) {
      const named = [...expr.matchAll(/\b(baton_\w+|process_\w+|nodejs_\w+|up)\b/g)].map(([name]) => name);
      expect(named.length, alert).toBeGreaterThan(0);
      expect(
        named.filter((name) => !known.has(name)),
        alert,
      ).toEqual([]);
    }
  });

  test('say in a sentence what is the matter, how urgent it is, and what to do stands in the guide', () => {
    const guide = read('config/guides/operating.md');
    for (const { alert, labels, annotations } of rules) {
      expect(['page', 'ticket'], alert).toContain(labels.severity);
      expect(annotations.summary, alert).toMatch(/^\S.*\.$/);
      expect(guide, alert).toContain(`**${alert}**`);
    }
  });
});

describe('where a worker answers machines', () => {
  test('is a port of this machine, or an address and a port', () => {
    expect(readPlace('9464')).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(readPlace('0.0.0.0:0')).toEqual({ host: '0.0.0.0', port: 0 });
    expect(readPlace('[::1]:9464')).toEqual({ host: '::1', port: 9464 });
    for (const wrong of ['', 'nine', '70000', 'host:', 'a b:1'])
      expect(() => readPlace(wrong)).toThrow('Give a port');
  });

  test('an answer is asked for once however many ask, and again when it is no longer fresh', async () => {
    let elapsed = 0;
    let asked = 0;
    const answer = remembered(
      10,
      async () => ++asked,
      () => elapsed,
    );
    expect(await Promise.all([answer(), answer()])).toEqual([1, 1]);
    elapsed = 9;
    expect(await answer()).toBe(1);
    elapsed = 11;
    expect(await answer()).toBe(2);
  });
});
