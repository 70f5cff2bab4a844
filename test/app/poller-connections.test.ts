/** A poller of many inboxes does not connect to all of them at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { MailboxSession } from '../../src/app/ports/mailbox-reader.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Services } from '../../src/runtime/services.ts';
import { runPoller } from '../../workers/poller.ts';
import { configuration } from '../bench/configuration.ts';

const INBOXES = 40;
const folder = mkdtempSync(join(tmpdir(), 'baton-poller-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Only what a watch asks for before it reads. */
function servicesOf(open: (signal: AbortSignal) => Promise<MailboxSession>): Services {
  const users = Array.from({ length: INBOXES }, (_, at) => `user-${at}`);
  const path = join(folder, 'baton.yaml');
  writeFileSync(path, configuration({ imapPort: 143, smtpPort: 25, users, services: 'data: .baton' }));
  const loaded = loadConfig(path, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { config } = loaded;
  const store = {
    leaseMailbox: async () => ({ type: 'held', mailbox: { fence: 1 } }),
    releaseMailbox: async () => {},
  };
  return {
    deps: { store, clock: { now: () => 0 }, log: { info() {}, warn() {} } },
    notes: { noteTrouble: async () => {} },
    settings: { config, inbox: (id: string) => config.inboxes[id], onChange: () => () => {} },
    readerOf: () => ({ open: (_: string, signal: AbortSignal) => open(signal) }),
    pulse: {
      pause: (_: string, __: number, until: AbortSignal) =>
        new Promise<void>((resolve) => until.addEventListener('abort', () => resolve(), { once: true })),
    },
    measures: { watches() {} },
  } as unknown as Services;
}

test('at most ten connections to one server are being made at once, and all end with the poller', async () => {
  let [now, most] = [0, 0];
  const open = (signal: AbortSignal) => {
    now += 1;
    most = Math.max(most, now);
    return new Promise<MailboxSession>((_, reject) =>
      signal.addEventListener('abort', () => {
        now -= 1;
        reject(signal.reason);
      }),
    );
  };
  const stop = new AbortController();
  const running = runPoller(servicesOf(open), stop.signal, () => {});
  await new Promise((resolve) => setImmediate(resolve));
  expect(now).toBe(10);
  stop.abort(new Error('stopped'));
  await running;
  expect(most).toBe(10);
  expect(now).toBe(0);
});
