/**
 * Row 54 of the hazards, and I13: what people wrote, who they are, and what opens doors is in the tables made for it,
 * and nowhere else: not in Redis, not in a log, not in a table of errors.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { postgresErasure } from '../../src/adapters/db/erasure.ts';
import { bullQueue } from '../../src/adapters/queue/bull-queue.ts';
import { erasePerson } from '../../src/app/erase-person.ts';
import type { Log } from '../../src/app/ports/log.ts';
import type { Queue } from '../../src/app/ports/queue.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { whereSpoken } from '../support/every-row.ts';
import { writeLetter } from '../support/letters.ts';
import { MemoryQueue } from '../support/memory-queue.ts';
import { memorySender } from '../support/memory-sender.ts';
import { startRedis } from '../support/stack/redis.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice } from '../support/store-office.ts';

const MARIA = 'maria.quill@tenant.example';
const CANARIES = [MARIA, 'Maria Quill', 'zebrafinch', 'Wobbly banister upstairs'];
const SECRET = 'a secret for tests';

/** Made for words, and emptied when somebody is erased. */
const MADE_FOR_WORDS = /^(?:public\.)?(?:conversation_words|message_words|outbox_words|text|contact)\b/;

describeOn(['redis'], 'what people wrote', () => {
  const redis = useServer(startRedis);
  let databases: MigratedDatabases;
  beforeAll(async () => {
    databases = await startMigratedDatabases();
  });
  afterAll(() => databases.end());

  /** Everything that Redis would write to its disk. */
  async function dump(): Promise<string> {
    await redis().configSet('rdbcompression', 'no');
    const client = new Redis(redis().url);
    try {
      await client.save();
      const [, folder = ''] = (await client.config('GET', 'dir')) as string[];
      return await readFile(join(folder, 'dump.rdb'), 'latin1');
    } finally {
      client.disconnect();
    }
  }

  test('hazards 54: is in no log, not in Redis and in no table of errors, and can be erased', async () => {
    const logged: string[] = [];
    const note = (level: string) => (details: object, message: string) =>
      void logged.push(`${level} ${JSON.stringify(details)} ${message}`);
    const log: Log = { info: note('info'), warn: note('warn'), error: note('error') };
    const rung = await bullQueue({ backend: { type: 'redis', url: redis().url } });
    const bells = new MemoryQueue();
    const queue: Queue = {
      ring: async (bell, ids) => {
        await rung.ring(bell, ids);
        await bells.ring(bell, ids);
      },
      listen: (bell, look) => bells.listen(bell, look),
      isAway: () => rung.isAway(),
      close: () => rung.close(),
    };
    const sender = memorySender();
    const office = await openStoreOffice(await databases.fresh(), { queue, sender: sender.sender, log });
    onTestFinished(() => office.close());
    const settle = async () => {
      for (let pass = 0; pass < 4; pass += 1) {
        await office.ingest();
        await bells.drain();
      }
    };
    const arrives = (text: string, messageId: string, headers: readonly string[] = []) =>
      office.mailbox.append(
        'INBOX',
        writeLetter({
          ...{
            from: `Maria Quill <${MARIA}>`,
            to: ['maintenance@elm.example'],
            subject: 'Wobbly banister upstairs',
          },
          ...{ date: office.clock.now(), messageId, text, headers },
        }),
        office.clock.now(),
      );

    sender.failNext(`smtp-550`, { type: 'permanent' });
    sender.failNext(`smtp-451`, { type: 'temporary' });
    arrives('The zebrafinch wobbles.', '1@tenant.example');
    arrives('zebrafinch', '2@tenant.example', ['Auto-Submitted: auto-replied']);
    office.mailbox.append(
      'INBOX',
      Buffer.from(`From: ${MARIA}\r\nFrom: x\r\n\r\nzebrafinch`),
      office.clock.now(),
    );
    await settle();
    office.clock.set(office.clock.now() + 20 * MINUTE);
    await settle();

    expect(logged.length).toBeGreaterThan(0);
    expect(await dump()).toContain('baton:');
    const spoken = await whereSpoken(office.pool, [...CANARIES, SECRET]);
    expect(spoken.length).toBeGreaterThan(5);
    expect(spoken.filter((where) => !MADE_FOR_WORDS.test(where))).toEqual([]);

    const erasure = postgresErasure({ pool: office.pool, time: office.clock });
    const outcome = await erasePerson({ erasure, address: MARIA, evenOpen: true, dryRun: false });
    expect(outcome).toMatchObject({ type: 'erased' });
    expect(await whereSpoken(office.pool, CANARIES)).toEqual([]);
    const outside = `${logged.join('\n')}\n${await dump()}`;
    for (const canary of [...CANARIES, SECRET]) expect(outside, canary).not.toContain(canary);
  });
});
