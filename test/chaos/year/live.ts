/**
 * Lives through a planned year: people write and read, the configuration changes, Baton is up and down, and its clock
 * ticks. Time jumps to the next tick at which anything can be due; `everyTick` steps through all of them instead, which
 * must come to the same.
 */

import { rightsOf } from '../../../src/app/new-notice.ts';
import type { Store } from '../../../src/app/ports/store.ts';
import { splitPlus, withTag } from '../../../src/domain/address.ts';
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import { HOUR, type Instant, MINUTE } from '../../../src/domain/instant.ts';
import type { StoredNotice } from '../../../src/domain/notices/notice.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { replyToken } from '../../../src/domain/reply-token.ts';
import { agenda } from './agenda.ts';
import { changesOf, policyAt, STANDING } from './configure.ts';
import { letters } from './letters.ts';
import { type Got, members, type World } from './members.ts';
import { type Office, openOffice, type SeenMail, TICK } from './office.ts';
import { outside } from './outside.ts';
import { hoursAt, isDown, type Person, type YearPlan } from './plan.ts';
import type { YearRecord } from './record.ts';
import { recorder } from './recorder.ts';
import { type Oracle, oracleOf } from './wall-clock.ts';

export type LiveOptions = {
  readonly everyTick?: boolean;
  readonly progress?: (at: Instant) => void;
  /** For tests of the judge. */
  readonly spoil?: Spoil;
};

export type Spoil = {
  readonly policy?: (policy: Policy) => Policy;
  readonly store?: (store: Store) => Store;
  /** How often the mail server delivers a mail. */
  readonly copies?: (key: string) => number;
};

export async function live(plan: YearPlan, options: LiveOptions = {}): Promise<YearRecord> {
  const { spoil = {} } = options;
  const todo = agenda();
  const written = letters();
  const kept = recorder();
  const oracle = oracleOf(plan.start, plan.end);
  const configured = (at: Instant): Policy => spoil.policy?.(policyAt(plan, at)) ?? policyAt(plan, at);
  const fresh: { key: string; mail: SeenMail; returnPath: string }[] = [];
  const office = await openOffice({
    start: plan.start,
    letters: written,
    policy: configured(plan.start),
    ...(spoil.store === undefined ? {} : { spoil: spoil.store }),
    take(mail, { envelopeFrom }) {
      const at = office.clock.now();
      if (isDown(plan, at, ['smtp']) !== null)
        return { type: 'temporary', code: 'smtp-down', response: '421 later' };
      const key = splitPlus(envelopeFrom).tag ?? '';
      for (let copy = spoil.copies?.(key) ?? 1; copy > 0; copy -= 1) kept.delivered(key, at);
      fresh.push({ key, mail, returnPath: envelopeFrom });
      return { type: 'accepted', response: '250 kept' };
    },
  });
  const mail = post(plan, office, written, todo.add);
  const world = worldOf(plan, oracle, office, { at: todo.add, post: mail.post });
  const people = { members: members(world), outside: outside(world) };
  people.outside.begin();
  people.members.begin();
  const ticking = ticker(plan, oracle, office, options.everyTick === true);
  for (const at of changesOf(plan)) {
    // A configuration that changes while nothing runs is read when it runs again.
    const read = isDown(plan, at, ['all'])?.until ?? at;
    todo.add(read, async () => {
      await office.configure(configured(read));
      ticking.wake();
    });
  }

  async function readMail(): Promise<void> {
    for (let one = fresh.shift(); one !== undefined; one = fresh.shift()) {
      const [notice] = await office.store.readNotices([one.key]);
      if (notice === undefined) throw new Error('a mail went out of which the outbox knows nothing');
      hand(await unpack(office, notice, one), one.mail.to);
    }
  }

  function hand(got: Got, to: string): void {
    const { recipient } = got.notice;
    if (recipient.type === 'customer') return people.outside.getAsCustomer(to, got);
    if (recipient.type === 'contact') return people.outside.getAsHelper(to, got);
    const person = plan.people.find(({ id }) => id === recipient.member);
    if (person !== undefined) people.members.get(person, got);
  }

  for (;;) {
    const [next, tickAt] = [todo.nextAt() ?? plan.end, await ticking.nextAt()];
    if (Math.min(next, tickAt) >= plan.end) break;
    office.clock.set(Math.max(office.clock.now(), Math.min(next, tickAt)));
    // What people do at the instant of a tick comes before it.
    if (next <= tickAt) await todo.take()?.deed();
    else await ticking.tick();
    if (kept.told(office.store.absences(), office.clock.now())) ticking.wake();
    await readMail();
    options.progress?.(office.clock.now());
  }
  return kept.record(office, { ticks: ticking.count(), letters: mail.count() });
}

/** A mail as its reader has it. */
async function unpack(
  { store, policy, secret }: Office,
  notice: StoredNotice,
  { mail, returnPath }: { mail: SeenMail; returnPath: string },
): Promise<Got> {
  const { messageId } = mail;
  const whole = { notice, answerTo: mail.replyTo?.address ?? '', returnPath, messageId };
  if (notice.body.kind !== 'bundle') return whole;
  const bundled = await store.readNotices(notice.body.notices);
  const parts = bundled.flatMap((part) => {
    const rights = rightsOf(part);
    const inbox = policy().inboxes.get(part.inboxId);
    if (rights === null || inbox === undefined) return [];
    return [
      { notice: part, answerTo: withTag(inbox.address, replyToken(secret, rights)), returnPath, messageId },
    ];
  });
  return { ...whole, parts };
}

function worldOf(
  plan: YearPlan,
  oracle: Oracle,
  { clock, store }: Office,
  doing: Pick<World, 'at' | 'post'>,
): World {
  return {
    plan,
    oracle,
    now: clock.now,
    request: (id): Conversation => store.conversation(id),
    customer(id) {
      const { mail } = store.message(store.conversation(id).lastCustomerMessage);
      return {
        address: mail?.from[0]?.address ?? '',
        subject: (mail?.subject ?? '').replace(/^Re: /, ''),
        messageId: mail?.messageId ?? '',
      };
    },
    ...doing,
  };
}

/** Mail waits in its mailbox while nobody fetches it. */
function post(
  plan: YearPlan,
  office: Office,
  written: ReturnType<typeof letters>,
  add: (at: Instant, deed: () => Promise<void>) => void,
) {
  const waiting = new Map<string, Uint8Array[]>();
  let count = 0;
  for (const { what, until } of plan.outages) {
    if (what !== 'all') continue;
    add(until, async () => {
      for (const [inbox, raws] of waiting) {
        waiting.delete(inbox);
        // As many as the poller takes at once.
        for (let at = 0; at < raws.length; at += 50) await office.takeIn(inbox, raws.slice(at, at + 50));
      }
    });
  }
  return {
    count: () => count,
    async post(inbox: string, letter: Parameters<typeof written.write>[0]): Promise<void> {
      count += 1;
      const at = office.clock.now();
      const { raw } = written.write(letter, at);
      if (isDown(plan, at, ['all']) === null) await office.takeIn(inbox, [raw]);
      else waiting.set(inbox, [...(waiting.get(inbox) ?? []), raw]);
    },
  };
}

/** When something may follow from the time alone: absences begin and end, and standing mails are due. */
function edgesOf(plan: YearPlan, oracle: Oracle): Instant[] {
  const away = plan.people.flatMap((person) =>
    person.away.filter(({ how }) => how === 'configured').flatMap(({ from, until }) => [from, until]),
  );
  const standing = STANDING.flatMap(({ member, at }) =>
    plan.people.filter(({ id }) => id === member).flatMap((person) => timesOf(plan, oracle, person, at)),
  );
  return [...away, ...standing].sort((a, b) => a - b);
}

/** Each day at that time. */
function timesOf(plan: YearPlan, oracle: Oracle, person: Person, time: string): Instant[] {
  const minute = [{ from: time, to: '23:00' }];
  const daily = { ...hoursAt(person, plan.start), week: Array(7).fill(minute), holidays: new Set<string>() };
  const found: Instant[] = [];
  for (let at = plan.start; at < plan.end; at += HOUR) {
    const next = oracle.after(daily, [], at, 0);
    // Its first minute, and not one in the middle.
    if (!oracle.isWorking(daily, [], next - MINUTE) && found.at(-1) !== next) found.push(next);
  }
  return found;
}

/** When the clock looks: at whole multiples of its period, of which those are left out at which nothing can be due. */
function ticker(plan: YearPlan, oracle: Oracle, office: Office, everyTick: boolean) {
  const edges = edgesOf(plan, oracle);
  let last = Math.floor(plan.start / TICK) * TICK - TICK;
  let wanted: Instant | null = plan.start;
  let count = 0;

  /** The first tick at or after this, while Baton runs. */
  function tickAfter(at: Instant): Instant {
    const tick = Math.max(Math.ceil(at / TICK) * TICK, last + TICK);
    const outage = isDown(plan, tick, ['all', 'clock']);
    return outage === null ? tick : tickAfter(outage.until);
  }

  return {
    count: () => count,
    /** Something has changed that the next tick may act on. */
    wake(): void {
      wanted = office.clock.now();
    },
    async nextAt(): Promise<Instant> {
      if (everyTick) return tickAfter(last + TICK);
      const told = office.store.absences().flatMap(({ until, endedAt }) => (endedAt === null ? [until] : []));
      const due = [
        await office.store.nextDueAt(),
        wanted,
        edges.find((at) => at > last) ?? null,
        ...told.filter((at) => at > last),
        // Whoever is away is asked about again after a minute, for their standing mails.
        ...told.map((at) => at + MINUTE).filter((at) => at > last),
      ].filter((at) => at !== null);
      return due.length === 0 ? plan.end : tickAfter(Math.min(...due));
    },
    async tick(): Promise<void> {
      count += 1;
      last = office.clock.now();
      wanted = null;
      await office.tick();
    },
  };
}
