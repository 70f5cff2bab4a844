/**
 * Wrong rows written with plain SQL, past all of Baton's code: PostgreSQL refuses each, and for the reason meant.
 *
 * Each case begins with rows that are right and commits them in the end, so that what refuses is the one wrong thing:
 * before it the same rows are committed without it.
 */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlState } from '../../src/adapters/db/to-failure.ts';
import { type MigratedDatabases, startMigratedDatabases, testPool } from '../support/store-database.ts';

const CHECK = '23514';
const UNIQUE = '23505';
const FOREIGN_KEY = '23503';
const EXCLUSION = '23P01';
const APPEND_ONLY = '23000';

const at = (minute: number): string => `'2026-03-02T09:${String(minute).padStart(2, '0')}:00Z'`;

/** Conversation 2000: arrived at 9:00, offered to Priya at 9:01, accepted at 9:05, done at 9:30, reopened at 9:40. */
const STORY = `
  INSERT INTO inbox VALUES ('maintenance', 'maintenance@elm.example');
  INSERT INTO member VALUES ('leah', 'Leah'), ('priya', 'Priya');
  INSERT INTO mailbox (inbox_id, folder, role, start_from) VALUES ('maintenance', 'INBOX', 'inbox', ${at(0)});
  INSERT INTO message (mailbox_id, uid_validity, uid, stored_at, received_at, size, history, stage)
    VALUES (1, 1, 1, ${at(0)}, ${at(0)}, 10, false, 'stored');
  BEGIN;
  INSERT INTO conversation (id, inbox_id, phase, owner_id, priority, version, epoch, opened_at, last_event_at,
      accountable_from, snapshot) OVERRIDING SYSTEM VALUE
    VALUES (2000, 'maintenance', 'owned', 'priya', 'normal', 5, 3, ${at(0)}, ${at(40)}, ${at(40)}, '{}');
  INSERT INTO event (conversation_id, seq, at, type, data) VALUES
    (2000, 1, ${at(0)}, 'arrived', '{}'), (2000, 2, ${at(1)}, 'offered', '{}'), (2000, 3, ${at(5)}, 'accepted', '{}'),
    (2000, 4, ${at(30)}, 'done', '{}'), (2000, 5, ${at(40)}, 'reopened', '{}');
  INSERT INTO ledger (conversation_id, from_at, until_at, member_id, ended, seq) VALUES
    (2000, ${at(0)}, ${at(5)}, 'leah', false, 1), (2000, ${at(5)}, ${at(30)}, 'priya', false, 3),
    (2000, ${at(30)}, ${at(40)}, NULL, true, 4), (2000, ${at(40)}, NULL, 'priya', false, 5);
  INSERT INTO offer (conversation_id, seq, to_id, kind, rung, asked_at, closed_at, outcome) VALUES
    (2000, 2, 'priya', 'offer', 0, ${at(1)}, ${at(5)}, 'accepted');
  COMMIT;`;

const EVENT_AT_50 = `INSERT INTO event VALUES (2000, 6, ${at(50)}, 'accountability-moved', '{}');`;
const NEXT_ROW = `UPDATE conversation SET accountable_from = ${at(50)} WHERE id = 2000;
  INSERT INTO ledger VALUES (2000, ${at(50)}, NULL, 'leah', false, 6);`;
const insertNotice = (dedupeKey: string, key: string): string => `
  INSERT INTO outbox (dedupe_key, key, inbox_id, kind, body, answered, epoch, created_at, due_at)
  VALUES ('${dedupeKey}', '${key}', 'maintenance', 'parked', '{}', 0, 0, ${at(0)}, ${at(0)});`;
const insertToken = (rights: string): string => `
  INSERT INTO token (hash, purpose, member_id, subject, epoch, answered, expires_at)
  VALUES ('h', ${rights}, 0, 0, ${at(9)});`;
const insertAbsence = (from: string, until: string, cover: string): string => `
  INSERT INTO absence (member_id, from_at, until_at, cover_id, cover_answer, by_id)
  VALUES ('leah', ${from}, ${until}, ${cover}, 'leah');`;
const insertMessage = (uid: number): string => `
  INSERT INTO message (mailbox_id, uid_validity, uid, stored_at, received_at, size, history, stage)
  VALUES (1, 1, ${uid}, ${at(0)}, ${at(0)}, 10, false, 'stored');`;
const settle = (columns: string): string =>
  `UPDATE message SET stage = 'settled', settled_at = ${at(1)}, ${columns} WHERE id = 1;`;
const REASON = `reason_code = 'r', reason = 'a reason'`;

/** What is right, the same with the one thing that is wrong, and what refuses it. */
type Case = { readonly right: string; readonly wrong: string; readonly state: string };

const cases: Record<string, Case> = {
  'a gap in the ledger': {
    right: `${EVENT_AT_50} UPDATE ledger SET until_at = ${at(50)} WHERE until_at IS NULL; ${NEXT_ROW}`,
    wrong: `${EVENT_AT_50} UPDATE ledger SET until_at = ${at(49)} WHERE until_at IS NULL; ${NEXT_ROW}`,
    state: FOREIGN_KEY,
  },
  'two ledger rows over the same time': {
    right: `${EVENT_AT_50} UPDATE ledger SET until_at = ${at(50)} WHERE until_at IS NULL; ${NEXT_ROW}`,
    wrong: `INSERT INTO ledger VALUES (2000, ${at(10)}, ${at(20)}, 'leah', false, 3);`,
    state: EXCLUSION,
  },
  'a ledger row of no length': {
    right: `UPDATE ledger SET until_at = ${at(5)} WHERE from_at = ${at(0)};`,
    wrong: `UPDATE ledger SET until_at = ${at(0)} WHERE from_at = ${at(0)};`,
    state: CHECK,
  },
  'a ledger that ends with nobody after it': {
    right: `${EVENT_AT_50} UPDATE ledger SET until_at = ${at(50)} WHERE until_at IS NULL; ${NEXT_ROW}`,
    wrong: `UPDATE ledger SET until_at = ${at(50)} WHERE until_at IS NULL;`,
    state: FOREIGN_KEY,
  },
  'nobody to answer for it while it is open': {
    right: `UPDATE ledger SET member_id = 'leah' WHERE until_at IS NULL;`,
    wrong: `UPDATE ledger SET member_id = NULL WHERE until_at IS NULL;`,
    state: CHECK,
  },
  'a member on an end marker': {
    right: `UPDATE ledger SET member_id = NULL WHERE ended;`,
    wrong: `UPDATE ledger SET member_id = 'leah' WHERE ended;`,
    state: CHECK,
  },
  'two open ledger rows': {
    right: `${EVENT_AT_50} UPDATE ledger SET until_at = ${at(50)} WHERE until_at IS NULL; ${NEXT_ROW}`,
    wrong: `${EVENT_AT_50} ${NEXT_ROW}`,
    state: EXCLUSION,
  },
  'two ledger rows that end where one begins': {
    right: `UPDATE ledger SET until_at = ${at(5)} WHERE from_at = ${at(0)};`,
    wrong: `UPDATE ledger SET until_at = ${at(30)} WHERE from_at = ${at(0)};`,
    state: UNIQUE,
  },
  'a ledger row that follows from no event': {
    right: `UPDATE ledger SET seq = 5 WHERE until_at IS NULL;`,
    wrong: `UPDATE ledger SET seq = 77 WHERE until_at IS NULL;`,
    state: FOREIGN_KEY,
  },
  'a conversation that points at no ledger row': {
    right: `UPDATE conversation SET accountable_from = ${at(40)};`,
    wrong: `UPDATE conversation SET accountable_from = ${at(41)};`,
    state: FOREIGN_KEY,
  },
  'a conversation whose ledger row was taken away': {
    right: `DELETE FROM ledger WHERE from_at = ${at(41)};`,
    wrong: `DELETE FROM ledger WHERE until_at IS NULL;`,
    state: FOREIGN_KEY,
  },
  'an owned conversation without an owner': {
    right: `UPDATE conversation SET owner_id = 'leah';`,
    wrong: `UPDATE conversation SET owner_id = NULL;`,
    state: CHECK,
  },
  'an offered conversation that has an owner': {
    right: `UPDATE conversation SET phase = 'offered', owner_id = NULL, offered_to = 'leah';`,
    wrong: `UPDATE conversation SET phase = 'offered', offered_to = 'leah';`,
    state: CHECK,
  },
  'two open offers of one conversation': {
    right: `INSERT INTO offer (conversation_id, seq, to_id, kind, rung, asked_at)
      VALUES (2000, 4, 'leah', 'handoff', 0, ${at(6)});`,
    wrong: `INSERT INTO offer (conversation_id, seq, to_id, kind, rung, asked_at)
      VALUES (2000, 4, 'leah', 'handoff', 0, ${at(6)}), (2000, 5, 'priya', 'handoff', 0, ${at(7)});`,
    state: UNIQUE,
  },
  'an offer that ended without an outcome': {
    right: `UPDATE offer SET closed_at = ${at(4)}, outcome = 'declined';`,
    wrong: `UPDATE offer SET outcome = NULL;`,
    state: CHECK,
  },
  'an offer that ended before it was made': {
    right: `UPDATE offer SET closed_at = ${at(2)};`,
    wrong: `UPDATE offer SET closed_at = ${at(1)};`,
    state: CHECK,
  },
  'two events of one number': {
    right: EVENT_AT_50,
    wrong: `INSERT INTO event VALUES (2000, 5, ${at(50)}, 'noted', '{}');`,
    state: UNIQUE,
  },
  'two events at one instant': {
    right: EVENT_AT_50,
    wrong: `INSERT INTO event VALUES (2000, 6, ${at(40)}, 'noted', '{}');`,
    state: UNIQUE,
  },
  'an event of no conversation': {
    right: EVENT_AT_50,
    wrong: `INSERT INTO event VALUES (2001, 1, ${at(50)}, 'arrived', '{}');`,
    state: FOREIGN_KEY,
  },
  'a changed event': {
    right: 'SELECT 1;',
    wrong: `UPDATE event SET type = 'noted' WHERE seq = 1;`,
    state: APPEND_ONLY,
  },
  'a deleted event': {
    right: 'SELECT 1;',
    wrong: 'DELETE FROM event WHERE conversation_id = 2000;',
    state: APPEND_ONLY,
  },
  'events taken away all together': {
    right: 'SELECT 1;',
    wrong: 'TRUNCATE event CASCADE;',
    state: APPEND_ONLY,
  },
  'one UID stored twice under one UIDVALIDITY': {
    right: insertMessage(2),
    wrong: insertMessage(1),
    state: UNIQUE,
  },
  'a message that is settled without a disposition': {
    right: settle(`disposition = 'bulk', ${REASON}`),
    wrong: settle(REASON),
    state: CHECK,
  },
  'a disposition without a reason': {
    right: settle(`disposition = 'bulk', ${REASON}`),
    wrong: settle(`disposition = 'bulk'`),
    state: CHECK,
  },
  'a disposition that nobody knows': {
    right: settle(`disposition = 'bulk', ${REASON}`),
    wrong: settle(`disposition = 'lost', ${REASON}`),
    state: CHECK,
  },
  'a request without its conversation': {
    right: settle(`disposition = 'request', conversation_id = 2000, ${REASON}`),
    wrong: settle(`disposition = 'request', ${REASON}`),
    state: CHECK,
  },
  'a command that acts twice': {
    right: `${insertMessage(2)} UPDATE message SET message_id_hash = 'h';
      ${settle(`disposition = 'command', ${REASON}`)}`,
    wrong: `${insertMessage(2)} UPDATE message SET message_id_hash = 'h', stage = 'settled', settled_at = ${at(1)},
      disposition = 'command', ${REASON};`,
    state: UNIQUE,
  },
  'a second notice of one event to one recipient': {
    right: insertNotice('a', '1') + insertNotice('b', '2'),
    wrong: insertNotice('a', '1') + insertNotice('a', '2'),
    state: UNIQUE,
  },
  'two notices of one Message-ID': {
    right: insertNotice('a', '1') + insertNotice('b', '2'),
    wrong: insertNotice('a', '1') + insertNotice('b', '1'),
    state: UNIQUE,
  },
  'a notice that is being sent without an end to it': {
    right: `${insertNotice('a', '1')} UPDATE outbox SET state = 'sending', lease_until = ${at(9)};`,
    wrong: `${insertNotice('a', '1')} UPDATE outbox SET state = 'sending';`,
    state: CHECK,
  },
  'a token of a teammate that names no teammate': {
    right: insertToken("'outside', NULL, 1"),
    wrong: insertToken("'request', NULL, NULL"),
    state: CHECK,
  },
  'a token for a question that names no question': {
    right: insertToken("'help', 'leah', 1"),
    wrong: insertToken("'help', 'leah', NULL"),
    state: CHECK,
  },
  'an absence that ends before it begins': {
    right: insertAbsence(at(0), at(9), 'NULL, NULL'),
    wrong: insertAbsence(at(9), at(0), 'NULL, NULL'),
    state: CHECK,
  },
  'a teammate who stands in without having been asked': {
    right: insertAbsence(at(0), at(9), "'priya', 'agreed'"),
    wrong: insertAbsence(at(0), at(9), "'priya', NULL"),
    state: CHECK,
  },
  'an attempt made twice under one number': {
    right: `${insertNotice('a', '1')} INSERT INTO attempt (outbox_id, number, started_at)
      SELECT id, 1, ${at(0)} FROM outbox;`,
    wrong: `${insertNotice('a', '1')} INSERT INTO attempt (outbox_id, number, started_at)
      SELECT id, 1, ${at(0)} FROM outbox CROSS JOIN generate_series(1, 2);`,
    state: UNIQUE,
  },
};

describe('PostgreSQL itself refuses', () => {
  let databases: MigratedDatabases;
  let pool: pg.Pool;
  beforeAll(async () => {
    databases = await startMigratedDatabases();
    pool = testPool(await databases.fresh());
    await pool.query(STORY);
  });
  afterAll(async () => {
    await pool.end();
    await databases.end();
  });

  /** Checks what is deferred to the end of a transaction, keeps nothing, and answers the SQLSTATE of a refusal. */
  async function tried(statements: string): Promise<string | null> {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(statements);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      return null;
    } catch (error) {
      return sqlState(error) ?? String(error);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }

  for (const [what, { right, wrong, state }] of Object.entries(cases)) {
    it(`${what}`, async () => {
      expect(await tried(right)).toBeNull();
      expect(await tried(wrong)).toBe(state);
    });
  }
});
