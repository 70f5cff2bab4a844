/**
 * Row 31 of the hazards: many who would own one request at the same moment, on PostgreSQL. Fifty transactions are
 * begun and held before the row that they all want, then let go together.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPool } from '../../src/adapters/db/pool.ts';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { escalateOverdue } from '../../src/app/escalate-overdue.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Member } from '../../src/domain/policy.ts';
import { testPolicy } from '../support/policy.ts';
import { everyDay, schedule } from '../support/schedules.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice, withTransactions } from '../support/store-office.ts';

const CLIENTS = 50;
/** After this an urgent question has waited long enough in the test company. */
const PATIENCE = 15 * MINUTE + SECOND;
const LONG = { timeout: 180_000 };
const MEMBERS = Array.from({ length: CLIENTS }, (_, at) => `m${String(at + 1).padStart(2, '0')}`);
const addressOf = (member: string): string => `${member}@elm.example`;

/** Fifty who work day and night, asked one after the other about each leak. */
function policyOfFifty() {
  const member: Partial<Member> = {
    schedule: schedule('Europe/Berlin', { week: everyDay({ from: '00:00', to: '24:00' }) }),
  };
  return testPolicy({
    members: Object.fromEntries(MEMBERS.map((id) => [id, { ...member, name: `Member ${id}` }])),
    teams: [{ id: 'maintenance', name: 'Maintenance', members: MEMBERS, choose: 'in-order' }],
  });
}

let databases: MigratedDatabases;
let office: StoreOffice;
let gate: Gate;

beforeAll(async () => {
  databases = await startMigratedDatabases();
});
afterAll(() => databases.end());
beforeEach(async () => {
  const url = await databases.fresh();
  gate = openGate();
  office = await openStoreOffice(url, {
    pool: createPool(url, { max: CLIENTS, lockTimeoutMs: 60_000 }),
    policy: policyOfFifty(),
    sabotage: (store) =>
      withTransactions(store, (tx) => ({
        lockConversations: async (ids) => {
          await gate.pass();
          return tx.lockConversations(ids);
        },
      })),
  });
});
afterEach(() => office.close());

type Gate = {
  /** The next so many who come wait for each other. */
  close(count: number): void;
  pass(): Promise<void>;
};

function openGate(): Gate {
  let missing = 0;
  let all = Promise.withResolvers<void>();
  return {
    close(count) {
      missing = count;
      all = Promise.withResolvers();
    },
    async pass() {
      if (missing === 0) return;
      missing -= 1;
      if (missing === 0) all.resolve();
      await all.promise;
    },
  };
}

type Answer = { readonly from: string; readonly text: string };

/** The answers lie with their authors known, and are carried out at one moment, as are so many looks of the clock. */
async function race(answers: readonly Answer[], clocks = 0): Promise<void> {
  for (const { from, text } of answers) {
    await office.answers(addressOf(from), await office.mailTo(addressOf(from)), text);
  }
  await office.ingest();
  await office.looks.classify(await messagesIn('stored'));
  const replies = await messagesIn('replying');
  expect(replies).toHaveLength(answers.length);
  gate.close(replies.length + clocks);
  await Promise.all([
    ...replies.map((id) => office.looks.reply([id])),
    ...Array.from({ length: clocks }, () => escalateOverdue(office.deps)),
  ]);
  await office.settle();
  expect(office.errors).toEqual([]);
}

async function messagesIn(stage: string): Promise<number[]> {
  const { rows } = await office.pool.query<{ id: number }>(
    'SELECT id FROM message WHERE stage = $1 ORDER BY id',
    [stage],
  );
  return rows.map(({ id }) => id);
}

/** A leak comes in, and so many of the fifty are asked in turn; each but the last let the time pass. */
async function askedInTurn(count: number): Promise<void> {
  office.customerWrites('Leak in the kitchen');
  await office.settle();
  for (let asked = 1; asked < count; asked += 1) {
    office.clock.advance(PATIENCE);
    // The clock and who hears its bells are all that does anything here; mailboxes and sweeps are looked at below.
    await escalateOverdue(office.deps);
    await office.bells.drain();
  }
  await office.settle();
}

/** One member says something, and it is carried out. */
async function says(from: string, text: string): Promise<void> {
  await office.answers(addressOf(from), await office.mailTo(addressOf(from)), text);
  await office.settle();
}

type Standing = { readonly phase: string; readonly owner: string | null; readonly asked: string | null };

async function standing(): Promise<Standing> {
  const { rows } = await office.pool.query<Standing>(
    'SELECT phase, owner_id AS owner, offered_to AS asked FROM conversation',
  );
  expect(rows).toHaveLength(1);
  return rows[0] as Standing;
}

type Event = { readonly seq: number; readonly type: string; readonly by: string | null };

async function events(): Promise<Event[]> {
  const { rows } = await office.pool.query<Event>(
    "SELECT seq, type, data->>'by' AS by FROM event ORDER BY seq",
  );
  return rows;
}

const accepted = async (): Promise<(string | null)[]> =>
  (await events()).filter(({ type }) => type === 'accepted').map(({ by }) => by);

/** The last receipt that was sent to this member. */
async function receiptOf(member: string): Promise<string> {
  const raws = office.memory.delivered.filter(({ envelopeTo }) => envelopeTo === addressOf(member));
  const mails = await Promise.all(raws.map(({ raw }) => parseInProcess(raw)));
  const isReceipt = (mail: (typeof mails)[number]) =>
    mail.headers.some(({ name, value }) => name === 'x-baton-notice' && value === 'receipt');
  return mails.findLast(isReceipt)?.text ?? 'no receipt';
}

/** What holds after every race, whoever won it. */
async function expectWhole(answers: number): Promise<void> {
  expect(await office.violations()).toEqual([]);
  const { rows: ledger } = await office.pool.query<{ from: string; until: string | null }>(
    'SELECT from_at::text AS from, until_at::text AS until FROM ledger ORDER BY from_at',
  );
  expect(ledger.map(({ until }) => until)).toEqual([...ledger.slice(1).map(({ from }) => from), null]);
  const seqs = (await events()).map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, at) => at + 1));
  const { rows } = await office.pool.query<{ version: number; receipts: number; replies: number }>(
    `SELECT c.version, (SELECT count(*) FROM outbox WHERE kind = 'receipt') AS receipts,
            (SELECT count(*) FROM message WHERE disposition IN ('command', 'command-refused')) AS replies
     FROM conversation c`,
  );
  expect(rows).toEqual([{ version: seqs.length, receipts: answers, replies: answers }]);
  const ids = office.memory.delivered.map(
    ({ raw }) => /^Message-ID: (.*)\r$/im.exec(Buffer.from(raw).toString())?.[1],
  );
  expect(new Set(ids).size).toBe(ids.length);
}

test(
  'hazards 31: of fifty who accept at once one owns it, and each of the others is told who does',
  LONG,
  async () => {
    await askedInTurn(CLIENTS);
    await race(MEMBERS.map((from) => ({ from, text: 'accept' })));
    const { phase, owner } = await standing();
    expect(phase).toBe('owned');
    expect(await accepted()).toEqual([owner]);
    for (const member of MEMBERS) {
      const receipt = await receiptOf(member);
      if (member === owner) expect(receipt).toMatch(/^It's yours/);
      else expect(receipt, member).toContain(`Member ${owner}`);
    }
    await expectWhole(CLIENTS);
  },
);

test('hazards 31: an accept that meets the clock makes one owner, and asks nobody twice', LONG, async () => {
  await askedInTurn(25);
  office.clock.advance(PATIENCE);
  await race(
    MEMBERS.slice(0, 25).map((from) => ({ from, text: 'accept' })),
    25,
  );
  const { phase, owner } = await standing();
  expect(phase).toBe('owned');
  expect(await accepted()).toEqual([owner]);
  // The clock came first or not at all.
  expect(['m25', 'm26']).toContain((await asked()).at(-1));
  await expectWhole(25);
});

test('hazards 31: fifty clocks at one unanswered question ask one next person, once', LONG, async () => {
  await askedInTurn(1);
  office.clock.advance(PATIENCE);
  await race([], CLIENTS);
  expect(await standing()).toEqual({ phase: 'offered', owner: null, asked: 'm02' });
  expect(await asked()).toEqual(['m01', 'm02']);
  await expectWhole(0);
});

test(
  'hazards 31: a question passed on while others accept ends with one of them, and who was asked is told',
  LONG,
  async () => {
    await askedInTurn(CLIENTS);
    const last = MEMBERS.at(-1) ?? '';
    await race([
      ...MEMBERS.slice(0, -1).map((from) => ({ from, text: 'accept' })),
      { from: last, text: 'handoff to Sam' },
    ]);
    const { phase, owner, asked: open } = await standing();
    expect({ phase, open }).toEqual({ phase: 'owned', open: null });
    expect(await accepted()).toEqual([owner]);
    expect(await receiptOf(last)).toMatch(new RegExp(`Member ${owner}|Sam`));
    await expectWhole(CLIENTS);
  },
);

test(
  'hazards 31: handoffs that cross the answer to an earlier one leave one owner and one open question at most',
  LONG,
  async () => {
    await askedInTurn(1);
    await says('m01', 'accept');
    await says('m01', 'handoff to m02');
    const others = MEMBERS.slice(2, 2 + CLIENTS / 2);
    await race([
      ...others.map((to) => ({ from: 'm01', text: `handoff to ${to}` })),
      ...others.map(() => ({ from: 'm02', text: 'accept' })),
    ]);
    const { owner, asked: open } = await standing();
    expect(['m01', 'm02']).toContain(owner);
    expect(await accepted()).toEqual(owner === 'm01' ? ['m01'] : ['m01', 'm02']);
    if (owner === 'm02') expect(open).toBeNull();
    else expect(others).toContain(open);
    // Whoever came too late learns from whom it can be had.
    if (owner === 'm01') expect(await receiptOf('m02')).toContain('Member m01');
    await expectWhole(2 + CLIENTS);
  },
);

test.each([1, 2])(
  'hazards 31: fifty who accept, decline, pass on and finish as lot %i says leave one history',
  LONG,
  async (lot) => {
    await askedInTurn(CLIENTS);
    const said = (at: number): string => {
      const to = MEMBERS[(at * 7 + lot * 11) % CLIENTS];
      return ['accept', `handoff to ${to}`, 'decline', 'take', `handoff to ${to}`, 'done'][
        (at * lot + at) % 6
      ] as string;
    };
    await race(
      MEMBERS.map((from, at) => ({ from, text: said(at) })),
      0,
    );
    const { owner } = await standing();
    const all = await accepted();
    expect(all.at(-1)).toBe(owner);
    await expectWhole(CLIENTS);
  },
);

async function asked(): Promise<(string | null)[]> {
  const { rows } = await office.pool.query<{ to: string }>('SELECT to_id AS to FROM offer ORDER BY seq');
  return rows.map(({ to }) => to);
}
