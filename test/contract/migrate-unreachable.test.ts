/** What 0003_unreachable makes of requests of before: the same that their events make of them now. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/adapters/db/migrate.ts';
import { arrive, decide, type Happening } from '../../src/domain/conversation/decide.ts';
import type { ConversationEvent, EventBody } from '../../src/domain/conversation/events.ts';
import { evolve, fold } from '../../src/domain/conversation/evolve.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import { MINUTE, toIso } from '../../src/domain/instant.ts';
import { startTestServer, type TestServer } from '../support/embedded-database.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';
import { MIGRATIONS } from '../support/store-database.ts';

const BEFORE = ['0001_foundation', '0002_protocol'];
const POLICY = testPolicy();
const REASON = { code: 'no-rule', sentence: 'no rule matches' } as const;

type Life = { readonly state: Conversation; readonly events: readonly ConversationEvent[] };

function arrived(id: number): Life {
  const arrival = {
    conversationId: id,
    inboxId: 'maintenance',
    messageId: id,
    storedAt: MONDAY,
    author: null,
    acknowledge: 'fixed',
    person: true,
    text: null,
    classified: { category: null, priority: 'normal', ruleId: null, reason: REASON },
  } as const;
  return arrive(arrival, POLICY);
}

function happen({ state, events }: Life, happening: Happening): Life {
  const decided = decide(state, happening, state.lastEventAt + MINUTE, POLICY);
  return { state: decided.state, events: [...events, ...decided.events] };
}

function change({ state, events }: Life, body: EventBody): Life {
  const [seq, at] = [state.version + 1, state.lastEventAt + MINUTE];
  const event = { ...body, conversationId: state.id, seq, at };
  return { state: evolve(state, event), events: [...events, event] };
}

const lost = (why: 'bounce' | 'auto-reply'): Happening => ({
  type: 'not-reached',
  messageId: 7,
  recipient: { type: 'customer' },
  lost: 'acknowledgement',
  seq: 1,
  why,
  failure: null,
  help: null,
});

/** A row as it was written then: a mark without a time, and events that tell nothing of the report. */
function asBefore({ state, events }: Life, unreached: boolean) {
  const { vouched: _, ...snapshot } = state;
  const told = events.map(({ conversationId: id, seq, at, type, ...data }) => {
    const { failure: _failure, lasts: _lasts, ...old } = data as Record<string, unknown>;
    return { id, seq, at: toIso(at), type, data: old };
  });
  return { id: state.id, snapshot: { ...snapshot, unreached }, events: told };
}

describe('a database of before', () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer();
    folder = await mkdtemp(join(tmpdir(), 'baton-migrations-'));
    for (const name of [...BEFORE, 'migration_lock.toml'])
      await cp(join(MIGRATIONS, name), join(folder, name), { recursive: true });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await server.end();
  });

  it('holds after the change what its events make of it', async () => {
    const url = await server.freshDatabase();
    await migrate(url, { folder });
    const bounced = happen(arrived(1), lost('bounce'));
    const lives = [
      asBefore(bounced, true),
      asBefore(happen(arrived(2), lost('auto-reply')), false),
      asBefore(change(arrived(3), { type: 'customer-changed', by: 'leah', acknowledge: 'fixed' }), false),
      asBefore(happen(bounced, { type: 'customer-wrote', messageId: 8, onlyThanks: false }), false),
    ].map((life, at) => ({ ...life, id: at + 1 }));
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      // Rows without those that they point at: only what is made of them is looked at.
      await client.query('SET session_replication_role = replica');
      for (const { id, snapshot, events } of lives) {
        await client.query(
          `INSERT INTO conversation (id, inbox_id, phase, priority, version, epoch, opened_at, last_event_at,
             accountable_from, snapshot) OVERRIDING SYSTEM VALUE
           VALUES ($1, 'maintenance', 'arrived', 'normal', $2, 1, $3, $3, $3, $4)`,
          [id, snapshot.version, toIso(MONDAY), JSON.stringify({ ...snapshot, id })],
        );
        for (const { seq, at, type, data } of events)
          await client.query('INSERT INTO event VALUES ($1, $2, $3, $4, $5)', [id, seq, at, type, data]);
      }
      expect(await migrate(url, { folder: MIGRATIONS })).toMatchObject({
        applied: expect.arrayContaining(['0003_unreachable']),
      });
      const { rows } = await client.query<{ snapshot: Conversation; events: ConversationEvent[] }>(
        `SELECT snapshot, (SELECT json_agg(data || jsonb_build_object('type', type, 'seq', seq, 'conversationId', c.id,
             'at', (extract(epoch FROM at) * 1000000)::bigint) ORDER BY seq)
           FROM event e WHERE e.conversation_id = c.id) AS events
         FROM conversation c ORDER BY id`,
      );
      expect(rows.map(({ snapshot }) => snapshot.unreached?.lasts ?? null)).toEqual([
        'for-now',
        null,
        null,
        null,
      ]);
      for (const { snapshot, events } of rows) {
        const { unreached, vouched } = fold(events);
        expect(snapshot).toMatchObject({ unreached, vouched });
      }
    } finally {
      await client.end();
    }
  });
});
