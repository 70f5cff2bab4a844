/** What holds after every step of every life of a conversation, however its events and commands fall. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCommand, type MemberCommand } from '../../src/domain/conversation/commands.ts';
import { arrive, decide } from '../../src/domain/conversation/decide.ts';
import type { ConversationEvent } from '../../src/domain/conversation/events.ts';
import { evolve, fold } from '../../src/domain/conversation/evolve.ts';
import { nextDueAt } from '../../src/domain/conversation/running-clocks.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import { DAY, HOUR, type Instant } from '../../src/domain/instant.ts';
import { ledgerMoves, offerMoves } from '../../src/domain/ledger.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { finalManagerAt, isAvailable, triageLeadAt } from '../../src/domain/roster.ts';
import { life, play, type Taken } from '../support/conversation-walk.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const LIVES = 100;

/** The events whose meaning is that somebody else answers for it from now on. */
const MOVES: readonly ConversationEvent['type'][] = [
  'arrived',
  'accepted',
  'accountability-moved',
  'done',
  'reopened',
];

const promises: Record<string, (taken: Taken) => void> = {
  'folds all events into the state': ({ history, after }) => {
    expect(fold(history)).toEqual(after);
  },
  'has exactly one member who answers for it until it is done, and that is its owner once there is one': ({
    after,
    policy,
  }) => {
    expect(after.accountable === null).toBe(after.phase === 'done');
    if (after.accountable !== null) expect(policy.members.has(after.accountable)).toBe(true);
    if (after.phase === 'owned') expect(after.accountable).toBe(after.owner);
    if (after.phase === 'arrived' || after.phase === 'offered') expect(after.owner).toBeNull();
  },
  'is answered for by members who have not left': ({ after, policy }) => {
    if (after.accountable !== null) expect(policy.members.get(after.accountable)?.active).toBe(true);
  },
  'has at most one open offer': ({ after, history }) => {
    const open = history.reduce(countOpen, 0);
    expect(open).toBe(after.offer === null ? 0 : 1);
    const known = offerMoves(null, history).made.filter(({ end }) => end === null);
    expect(known.map(({ seq, to }) => ({ seq, to }))).toEqual(
      after.offer === null ? [] : [{ seq: after.offer.seq, to: after.offer.to }],
    );
    if (after.phase === 'offered') expect(after.offer).not.toBeNull();
    if (after.phase === 'done' || after.phase === 'arrived') expect(after.offer).toBeNull();
  },
  'is offered to nobody who is away or has left, apart from the final manager at the end': ({
    events,
    policy,
    after,
  }) => {
    for (const event of events) {
      if (event.type !== 'offered') continue;
      const asked = policy.members.get(event.to);
      if (asked !== undefined && isAvailable(asked, event.at)) continue;
      expect(event.to).toBe(finalManagerAt(policy, after.inboxId, event.at, after.author));
      expect(event.acceptBy).toBeNull();
    }
  },
  'moves on from whoever is away as soon as anybody looks, while somebody is here to be asked': ({
    what,
    before,
    after,
    policy,
    now,
  }) => {
    if (what !== 'absent') return;
    const isHere = (id: MemberId): boolean => {
      const found = policy.members.get(id);
      return found !== undefined && isAvailable(found, now);
    };
    const asked = after.offer;
    if (asked === null || isHere(asked.to)) return;
    expect(asked.acceptBy).toBeNull();
    expect(isHere(finalManagerAt(policy, after.inboxId, now, after.author))).toBe(false);
    expect(after.accountable).toBe(before?.offer?.acceptBy === null ? before.accountable : asked.to);
  },
  'is not offered to the member who wrote it, unless a colleague or the end of the ladder does so': ({
    events,
    after,
  }) => {
    for (const event of events) {
      if (event.type === 'offered' && event.by === null && event.acceptBy !== null) {
        expect(event.to).not.toBe(after.author);
      }
    }
  },
  'gives everybody who is asked time to answer': ({ events }) => {
    for (const event of events) {
      if (event.type !== 'offered') continue;
      expect(event.acceptBy ?? event.remindAt ?? 0).toBeGreaterThan(event.at);
    }
  },
  'changes who answers for it by five kinds of event alone': ({ before, events }) => {
    let state = before;
    for (const event of events) {
      const next: Conversation = evolve(state, event);
      if (!MOVES.includes(event.type)) expect(next.accountable).toBe(state?.accountable);
      state = next;
    }
  },
  'has a ledger that names at its end who answers for it': ({ history, after }) => {
    const rows = ledgerMoves(null, history);
    expect(rows.at(-1)?.member).toBe(after.accountable);
    for (const [index, row] of rows.entries()) {
      if (index > 0) expect(row.at).toBeGreaterThan(rows[index - 1]?.at ?? 0);
    }
  },
  'is left as it was by a command that is refused, and nobody hears of it by event or notice': ({
    rejection,
    before,
    after,
    events,
    notices,
  }) => {
    if (rejection === null) return;
    expect(after).toBe(before);
    expect(events).toEqual([]);
    expect(notices).toEqual([]);
  },
  'is moved by every command that is not refused': ({ what, rejection, events }) => {
    if (COMMANDS.includes(what) && rejection === null) expect(events.length).toBeGreaterThan(0);
  },
  'has notices of which no two share a key': ({ mailed }) => {
    expect(new Set(mailed.map(({ dedupeKey }) => dedupeKey)).size).toBe(mailed.length);
  },
  'mails nobody twice about one event': ({ notices }) => {
    const readers = notices.map(({ seq, recipient }) => `${seq} ${JSON.stringify(recipient)}`);
    expect(new Set(readers).size).toBe(readers.length);
  },
  'tells nobody at one moment that they are the last who is asked and, beside it, that the answer is due': ({
    notices,
  }) => {
    const readersOf = (kind: string) =>
      notices.flatMap(({ body, recipient }) => (body.kind === kind ? [JSON.stringify(recipient)] : []));
    const last = readersOf('last-asked');
    for (const reader of readersOf('answer-due')) expect(last).not.toContain(reader);
  },
  'tells of events of its own step, as it then stood': ({ notices, events, after }) => {
    for (const { seq, shown, epoch } of notices) {
      expect(events.map((event) => event.seq)).toContain(seq);
      expect(shown).toBe(after.lastCustomerMessage);
      expect(epoch).toBeLessThanOrEqual(after.epoch);
    }
  },
  'has a next instant until it is done, apart from what the router has not seen, for which its bell is rung':
    ({ after, history }) => {
      const routed = history.some(({ type }) => type === 'routed');
      if (after.phase === 'done' || (!routed && after.phase === 'arrived')) return;
      expect(['offered', 'owned']).toContain(after.phase);
      expect(nextDueAt(after)).not.toBeNull();
    },
  'has a clock while anybody is asked, and none once it is done': ({ after }) => {
    if (after.offer !== null) expect(nextDueAt(after)).not.toBeNull();
    if (after.phase === 'done') expect(nextDueAt(after)).toBeNull();
  },
  'climbs at most one rung however late it is looked at, and only for an owner who is silent, late or away':
    ({ what, before, events, now }) => {
      const climbed = events.filter((event) => event.type === 'climbed');
      expect(climbed.length).toBeLessThanOrEqual(1);
      for (const event of climbed) {
        expect(before?.phase).toBe('owned');
        if (what === 'tick') expect(nextDueAt(before as Conversation)).toBeLessThanOrEqual(now);
        if (event.next !== null) expect(event.next).toBeGreaterThan(event.at);
      }
    },
  'is asked of nobody twice in one climb before the end, and never of its owner or author': ({
    history,
    after,
  }) => {
    let asked: MemberId[] = [];
    for (const [index, event] of history.entries()) {
      if (event.type === 'progress-expected') asked = [];
      if (event.type !== 'climbed' || event.next !== null) continue;
      const question = history[index + 1];
      if (question?.type !== 'offered') throw new Error('whoever is climbed to is asked');
      expect(question).toMatchObject({ to: event.to, by: null, kind: 'handoff' });
      expect(event.to).not.toBe(after.author);
      if (question.acceptBy !== null) expect(asked).not.toContain(event.to);
      asked = [...asked, event.to];
    }
  },
  'ends its climb, and what a clock asked, with whatever its owner does about it': ({
    what,
    rejection,
    before,
    after,
    events,
  }) => {
    const acts = ['note', 'reply', 'send', 'release', 'snooze', 'due', 'ask', 'add', 'handoff'];
    const owner = before?.owner ?? null;
    if (!acts.includes(what) || rejection !== null || after.phase !== 'owned' || after.owner !== owner)
      return;
    if (!events.some((event) => 'by' in event && event.by === owner)) return;
    expect(after.climb?.cause ?? null).toBeNull();
    expect(after.offer === null || after.offer.by !== null).toBe(true);
  },
  'gives every owner their time, and asks again only at a time that is still to come': ({ events, now }) => {
    for (const event of events) {
      if (event.type === 'progress-expected') expect(event.speakBy).toBeGreaterThan(event.at);
      if (event.type === 'asked-again') for (const at of event.left) expect(at).toBeGreaterThan(now);
      if (event.type === 'offered' && event.reminders !== undefined)
        expect([...event.reminders, event.acceptBy]).toEqual(
          [...event.reminders, event.acceptBy ?? 0].sort((a, b) => a - b),
        );
    }
  },
  'owes an answer to whoever waits, from routing until somebody of ours has written': ({
    after,
    history,
  }) => {
    if (!after.routed || !after.person || after.phase === 'done' || after.lastAnswer !== null) return;
    if (history.some(({ type }) => type === 'reopened')) return;
    expect(after.answer).not.toBeNull();
  },
  'sends no words twice, and none to the customer that missed a newer mail, unless its author or owner says so':
    ({ events, before, history, what }) => {
      const sent = history.flatMap((event) => (event.type === 'replied' ? [event.text] : []));
      expect(new Set(sent).size).toBe(sent.length);
      if (what !== 'release' || before === null) return;
      for (const event of events)
        if (event.type === 'released') expect(before.held.length).toBeGreaterThan(0);
    },
  'is moved by nothing that a helper does': ({ what, before, after }) => {
    if (what !== 'help-answered') return;
    const { owner, accountable, offer, phase } = after;
    expect({ owner, accountable, offer, phase }).toEqual({
      owner: before?.owner,
      accountable: before?.accountable,
      offer: before?.offer,
      phase: before?.phase,
    });
  },
  'reminds a helper once, and then tells whoever answers for it': ({ history, after }) => {
    const count = (type: string, help: number) =>
      history.filter((event) => event.type === type && 'help' in event && event.help === help).length;
    for (const event of history) {
      if (event.type !== 'help-asked') continue;
      expect(count('help-reminded', event.seq)).toBeLessThanOrEqual(1);
      expect(count('help-silent', event.seq)).toBeLessThanOrEqual(1);
    }
    for (const { remindAt } of after.helps) expect(remindAt).toBeGreaterThan(0);
  },
  'says to the customer at most once that a promised time is missed, until an answer goes out': ({
    history,
  }) => {
    let told = 0;
    for (const event of history) {
      if (['replied', 'answered-directly', 'done'].includes(event.type)) told = 0;
      if (event.type === 'answer-missed' && event.toldCustomer) told += 1;
      expect(told).toBeLessThanOrEqual(1);
    }
  },
  'ends no offer by a clock before its time': ({ before, events, now }) => {
    for (const event of events) {
      if (event.type === 'lapsed') expect(before?.offer?.acceptBy).toBeLessThanOrEqual(now);
      if (event.type === 'reminded') expect(before?.remindAt).toBeLessThanOrEqual(now);
    }
  },
  'looks at each clock once: time alone does nothing further until the next one runs out': ({
    what,
    after,
    now,
    policy,
  }) => {
    if (what !== 'tick') return;
    expect(nextDueAt(after) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now);
    expect(decide(after, { type: 'tick' }, now, policy).events).toEqual([]);
  },
  'counts its events without gaps, each later than the one before': ({ history, after }) => {
    for (const [index, event] of history.entries()) {
      expect(event.seq).toBe(index + 1);
      expect(event.at).toBeGreaterThan(history[index - 1]?.at ?? 0);
    }
    expect(after.version).toBe(history.length);
  },
  'grows its epoch whenever somebody becomes its owner, and never shrinks it': ({
    before,
    after,
    events,
  }) => {
    const accepted = events.filter(({ type }) => type === 'accepted' || type === 'reopened').length;
    expect(after.epoch).toBeGreaterThanOrEqual((before?.epoch ?? 1) + accepted);
  },
  'acknowledges its arrival at most once, and only when screening allows': ({ mailed, after }) => {
    const acknowledged = mailed.filter(({ body }) => body.kind === 'acknowledgement').length;
    expect(acknowledged).toBeLessThanOrEqual(after.acknowledge === 'none' ? 0 : 1);
  },
  'leaves the first question, with the acknowledgement, to the router': ({ what, before, events }) => {
    if (before?.phase !== 'arrived' || COMMANDS.includes(what) || what === 'routed') return;
    expect(events.map(({ type }) => type)).not.toContain('offered');
  },
  'is answered for, when nobody owns it, by who had the front desk or decided at the end as that began': ({
    events,
    policy,
    after,
  }) => {
    for (const event of events) {
      if (event.type !== 'reopened' && event.type !== 'accountability-moved') continue;
      // Who is here is judged when it is decided; behind another event of that moment it is noted a microsecond later,
      // and just then an absence may have ended.
      const heirs = [event.at - 1, event.at].flatMap((at) => [
        triageLeadAt(policy, after.inboxId, at),
        finalManagerAt(policy, after.inboxId, at),
        // Whoever wrote it as a customer does not decide on it, as long as another can.
        finalManagerAt(policy, after.inboxId, at, after.author),
      ]);
      const heir = event.type === 'reopened' ? event.accountable : event.to;
      if (event.type === 'reopened' && event.owner !== null) expect(heir).toBe(event.owner);
      else expect(heirs).toContain(heir);
    }
  },
  'writes to the customer nothing but five kinds of mail, and of words only what its owner wrote or released':
    ({ notices, after, events }) => {
      for (const { recipient, body } of notices) {
        if (recipient.type !== 'customer') continue;
        expect(['acknowledgement', 'customer-reply', 'owner-named', 'delay', 'finished']).toContain(
          body.kind,
        );
        const released = events.some(({ type }) => type === 'released');
        if (body.kind === 'customer-reply' && !released) expect(body.by).toBe(after.owner);
      }
    },
  'sends nothing to a customer whose mail comes back for good, until a member says so': ({
    history,
    mailed,
  }) => {
    for (const { recipient, seq } of mailed)
      if (recipient.type === 'customer') expect(isClosedAt(history, seq ?? 0)).toBe(false);
  },
  'holds what a member answers while mail comes back, and lets it go to the customer with a word': ({
    before,
    events,
    rejection,
    what,
    after,
  }) => {
    const isAnswer = what === 'reply' || what === 'send' || what === 'release';
    if (before === null || !isAnswer || rejection !== null || before.unreached?.lasts !== 'for-good') return;
    const replied = events.some(({ type }) => type === 'replied');
    expect(events.some(({ type }) => type === 'held')).toBe(!replied);
    if (!replied) return expect(after.unreached).toEqual(before.unreached);
    const released = events.find((event) => event.type === 'released');
    expect(before.held.find(({ seq }) => seq === released?.held)?.why).toBe('unreached');
    expect(after).toMatchObject({ unreached: null, vouched: { seq: released?.seq, at: released?.at } });
  },
  'forgets that mail comes back by nothing that the customer does, once it does for good': ({
    before,
    after,
    events,
  }) => {
    if (before?.unreached?.lasts !== 'for-good' || after.unreached !== null) return;
    expect(events.some(({ type }) => type === 'released' || type === 'customer-changed')).toBe(true);
  },
  'drops whom copies do not reach, and goes on owing the answer that did not arrive': ({
    before,
    after,
    events,
  }) => {
    for (const event of events) {
      if (event.type !== 'not-reached') continue;
      const { recipient, lasts, lost, why } = event;
      if (recipient.type === 'contact')
        expect(after.copied.includes(recipient.contact)).toBe(
          lasts !== 'for-good' && before?.copied.includes(recipient.contact),
        );
      const isLost = why !== 'auto-reply' && recipient.type === 'customer' && lost === 'customer-reply';
      if (isLost && before?.lastAnswer && after.person && after.phase !== 'done')
        expect(after.answer).not.toBeNull();
    }
  },
  'tells of what came back those who can mend it, and never the one who cannot be reached': ({ notices }) => {
    for (const { recipient, body } of notices)
      if (body.kind === 'undeliverable') expect(recipient).not.toEqual(body.recipient);
  },
  'writes to somebody outside nothing but what a member asked them, and copies of what the customer gets': ({
    notices,
  }) => {
    for (const { recipient, body } of notices) {
      if (recipient.type !== 'contact') continue;
      expect([
        'outside-help',
        'outside-reminder',
        'customer-reply',
        'owner-named',
        'delay',
        'finished',
      ]).toContain(body.kind);
    }
  },
};

/** Whether mail to the customer had come back for good by then, and nobody had said that it may go there. */
function isClosedAt(history: readonly ConversationEvent[], seq: number): boolean {
  let closed = false;
  for (const event of history.filter((one) => one.seq <= seq)) {
    if (event.type === 'arrived') closed = event.unreached === true;
    if (event.type === 'customer-changed') closed = false;
    if (event.type === 'not-reached' && event.recipient.type === 'customer' && event.lasts === 'for-good')
      closed = true;
    if (event.type === 'released') {
      const held = history.find((one) => one.seq === event.held);
      if (held?.type === 'held' && held.why === 'unreached') closed = false;
    }
  }
  return closed;
}

const COMMANDS: readonly string[] = [
  'category',
  'accept',
  'take',
  'decline',
  'handoff',
  'done',
  'reopen',
  'note',
  'reply',
  'send',
  'release',
  'remind',
  'spam',
  'help-from',
  'ask',
  'add',
  'snooze',
  'due',
];
const CLOSES: readonly string[] = ['accepted', 'declined', 'lapsed', 'withdrawn', 'unreachable'];

const countOpen = (open: number, { type }: ConversationEvent): number =>
  type === 'offered' ? open + 1 : CLOSES.includes(type) ? Math.max(0, open - 1) : open;

describe('a conversation, whatever happens to it', () => {
  for (const [title, promise] of Object.entries(promises)) {
    it(title, () => {
      fc.assert(
        fc.property(life, (plan) => play(plan, promise)),
        { numRuns: LIVES },
      );
    });
  }

  it('meets every kind of event and of refusal in these lives', () => {
    const seen = new Set<string>();
    for (const plan of fc.sample(life, { numRuns: 1_000, seed: 7 })) {
      play(plan, ({ events, rejection }) => {
        for (const { type } of events) seen.add(type);
        if (rejection !== null) seen.add(`refused: ${rejection.code}`);
      });
    }
    const never = [...EVENTS, ...REFUSALS.map((code) => `refused: ${code}`)].filter(
      (kind) => !seen.has(kind),
    );
    expect(never).toEqual([]);
  });
});

describe('a conversation, in cases that these lives meet rarely', () => {
  const policy = testPolicy({
    inboxes: {
      maintenance: { triage: { type: 'weekly', members: ['leah', 'luis'], firstMonday: '2026-03-02' } },
    },
  });
  const say = (
    state: Conversation,
    by: MemberId,
    command: MemberCommand,
    now: Instant,
    told: Policy = policy,
  ) => {
    const decision = decideCommand(state, command, {
      by,
      messageId: null,
      shown: null,
      answered: 0,
      now,
      policy: told,
    });
    expect(decision.result.ok).toBe(true);
    return decision;
  };
  const arrived = (): Conversation =>
    arrive(
      {
        conversationId: 1001,
        inboxId: 'maintenance',
        messageId: 1,
        storedAt: MONDAY,
        author: null,
        acknowledge: 'fixed',
        person: true,
        text: null,
        classified: { category: null, priority: 'normal', ruleId: null, reason: REASON },
      },
      policy,
    ).state;
  const offeredTo = (...chain: MemberId[]) =>
    decide(arrived(), { type: 'routed', chain, reason: REASON }, MONDAY, policy).state;
  const ownedBy = (id: MemberId) => say(offeredTo(id), id, { verb: 'accept' }, MONDAY).state;
  const without = (gone: MemberId): Policy => ({
    ...policy,
    members: new Map(
      [...policy.members].map(([id, one]) => [id, { ...one, active: one.active && id !== gone }]),
    ),
  });

  it('gives the receiver of a handoff their full time, however long the request had been quiet', () => {
    const now = MONDAY + 2 * DAY;
    const { state } = say(ownedBy('priya'), 'priya', { verb: 'handoff', to: 'sam', note: null }, now);
    expect(state.offer?.acceptBy).toBe(now + 4 * HOUR);
  });

  it('asks a member whose question is handed back to them, and mails them nothing besides', () => {
    const asked = say(ownedBy('priya'), 'dana', { verb: 'handoff', to: 'sam', note: null }, MONDAY).state;
    const { notices } = say(asked, 'sam', { verb: 'handoff', to: 'dana', note: null }, MONDAY);
    const told = notices.map(({ recipient, body }) => [recipient, body.kind]);
    expect(told).toEqual([
      [{ type: 'member', member: 'dana' }, 'handoff'],
      [{ type: 'member', member: 'priya' }, 'handoff-outcome'],
    ]);
  });

  it('of before there was a clock for owners is looked at once, tells nobody, and has its clock from then on', () => {
    const { climb: _, ...old } = ownedBy('priya');
    expect(nextDueAt(old)).toBe(old.lastEventAt);
    const { state, events, notices } = decide(old, { type: 'tick' }, MONDAY + DAY, policy);
    expect(events.map(({ type }) => type)).toEqual(['progress-expected']);
    expect(notices).toEqual([]);
    expect(nextDueAt(state)).toBeGreaterThan(MONDAY + DAY);
  });

  it('that nobody looked at for a week has one rung climbed, and the next counted from now', () => {
    const quick = { ...policy, clocks: { ...policy.clocks, progress: { normal: HOUR, urgent: HOUR } } };
    const owned = decideCommand(
      offeredTo('priya'),
      { verb: 'accept' },
      { by: 'priya', messageId: null, shown: null, answered: 0, now: MONDAY, policy: quick },
    ).state;
    const late = MONDAY + 7 * DAY;
    const { state, notices } = decide(owned, { type: 'tick' }, late, quick);
    expect(notices.map(({ recipient, body }) => [recipient, body.kind])).toEqual([
      [{ type: 'member', member: 'priya' }, 'no-progress'],
    ]);
    expect(nextDueAt(state)).toBe(late + HOUR);
  });

  it('reminds the last person without a second mail, also where somebody else answers for it', () => {
    const ladders = [{ when: {}, owned: [] }];
    const clocks = {
      ...policy.clocks,
      progress: { normal: HOUR, urgent: HOUR },
      answer: { normal: HOUR, urgent: HOUR },
    };
    const impatient = { ...policy, ladders, clocks };
    const taken = say(arrived(), 'priya', { verb: 'take' }, MONDAY, impatient).state;
    const silent = decide(taken, { type: 'tick' }, MONDAY + 2 * HOUR, impatient).state;
    const left = { ...without('priya'), ladders, clocks };
    const inherited = decide(silent, { type: 'member-left', member: 'priya' }, MONDAY + 2 * HOUR, left).state;
    const routed = decide(
      inherited,
      { type: 'routed', chain: [], reason: REASON },
      MONDAY + HOUR,
      left,
    ).state;
    expect([routed.accountable, routed.offer?.to, routed.owner]).toEqual(['leah', 'dana', null]);
    const { notices } = decide(routed, { type: 'tick' }, MONDAY + 1 * DAY, left);
    const told = notices.map(({ recipient, body }) => [
      recipient.type === 'member' && recipient.member,
      body.kind,
    ]);
    expect(told.filter(([member]) => member === 'dana')).toEqual([['dana', 'last-asked']]);
    expect(told).toContainEqual(['leah', 'answer-due']);
  });

  it('asks the stand-in when its owner is away, and nobody any more once they are back', () => {
    const away = (until: Instant): Policy => {
      const [priya, members] = [policy.members.get('priya'), new Map(policy.members)];
      if (priya === undefined) throw new Error('Priya is in the team');
      const schedule = { ...priya.schedule, absences: [{ from: MONDAY, until }] };
      members.set('priya', { ...priya, schedule });
      return { ...policy, members };
    };
    const owned = ownedBy('priya');
    const due = say(owned, 'priya', { verb: 'due', by: MONDAY + HOUR }, MONDAY).state;
    const asked = decide(due, { type: 'tick' }, MONDAY + HOUR, away(MONDAY + DAY)).state;
    expect(asked).toMatchObject({ owner: 'priya', offer: { to: 'luis' }, climb: { cause: 'owner-away' } });
    const back = decide(asked, { type: 'tick' }, asked.offer?.acceptBy ?? 0, away(MONDAY + 2 * HOUR));
    expect(back.state).toMatchObject({ owner: 'priya', offer: null, climb: { cause: null, asked: [] } });
  });

  it('is reopened to who has the front desk in the week in which the customer writes again', () => {
    const { state } = say(ownedBy('priya'), 'priya', { verb: 'done', note: null }, MONDAY);
    const wrote = { type: 'customer-wrote', messageId: 2, onlyThanks: false } as const;
    expect(decide(state, wrote, MONDAY + 7 * DAY, without('priya')).events[0]).toMatchObject({
      type: 'reopened',
      accountable: 'luis',
    });
  });

  it('is left to the router when the front desk leaves before it was routed, and acknowledged then', () => {
    const gone = { ...without('leah'), inboxes: testPolicy({ inboxes: { maintenance: LUIS } }).inboxes };
    const left = decide(arrived(), { type: 'member-left', member: 'leah' }, MONDAY, gone);
    expect(left.state).toMatchObject({ phase: 'arrived', accountable: 'luis', offer: null });
    const routed = decide(left.state, { type: 'routed', chain: ['sam'], reason: REASON }, MONDAY, gone);
    expect(routed.state.offer?.to).toBe('sam');
    expect(routed.notices.map(({ body }) => body.kind)).toContain('acknowledgement');
  });
});

const LUIS = { triage: { type: 'member', member: 'luis' } } as const;
const REASON = { code: 'no-rule', sentence: 'no rule matches' } as const;

const EVENTS: readonly ConversationEvent['type'][] = [
  ...MOVES,
  'classified',
  'categorised',
  'routed',
  'offered',
  'declined',
  'lapsed',
  'withdrawn',
  'unreachable',
  'reminded',
  'asked-again',
  'progress-expected',
  'climbed',
  'customer-wrote',
  'answered-directly',
  'not-reached',
  'attached',
  'noted',
  'replied',
  'held',
  'released',
  'answer-owed',
  'answer-warned',
  'answer-missed',
  'owner-named',
  'snoozed',
  'snooze-ended',
  'due-set',
  'due-reached',
  'nudged',
  'help-asked',
  'help-reminded',
  'help-answered',
  'help-silent',
  'copied',
];

/** Those that decideCommand itself gives; the others come from reading the mail. */
const REFUSALS = [
  'owned-by-other',
  'already-yours',
  'not-asked',
  'last-person',
  'finished',
  'not-finished',
  'inactive-member',
  'absent-member',
  'handoff-to-self',
  'handoff-to-author',
  'already-asked',
  'already-theirs',
  'newer-message',
  'nothing-to-send',
  'nothing-held',
  'nobody-to-remind',
];
