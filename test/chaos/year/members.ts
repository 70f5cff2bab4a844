/** What members do with the mails they get, each by their temper and in their own working time. */
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import type { ConversationId } from '../../../src/domain/ids.ts';
import { HOUR, type Instant, MINUTE } from '../../../src/domain/instant.ts';
import type { StoredNotice } from '../../../src/domain/notices/notice.ts';
import { type Chance, chanceOf } from './chance.ts';
import { addressOf, dateIn } from './configure.ts';
import type { Letter } from './letters.ts';
import { answerToList, ListHabits } from './lists.ts';
import { type Away, hoursAt, isInTeam, type Person, type YearPlan } from './plan.ts';
import type { Temper } from './team.ts';
import type { Oracle } from './wall-clock.ts';

/** What a member can do about the world. */
export type World = {
  readonly plan: YearPlan;
  readonly oracle: Oracle;
  now(): Instant;
  at(when: Instant, deed: () => void | Promise<void>): void;
  post(inbox: string, letter: Letter): Promise<void>;
  request(id: ConversationId): Conversation;
  /** Its customer, and the mail of theirs that came last. */
  customer(id: ConversationId): {
    readonly address: string;
    readonly subject: string;
    readonly messageId: string;
  };
};

/** A mail that a member got: what it is about, and how to answer it. */
export type Got = {
  readonly notice: StoredNotice;
  readonly answerTo: string;
  /** To where machines answer. */
  readonly returnPath: string;
  readonly messageId: string;
  /** Several mails in one: each as if it had come by itself. */
  readonly parts?: readonly Got[];
};

export type Members = {
  get(person: Person, got: Got): void;
  /** What they do on their own: tell of absences. */
  begin(): void;
};

/** Working minutes until a question is answered. */
const PATIENCE: Readonly<Record<Temper, readonly [number, number]>> = {
  prompt: [4, 45],
  slow: [30, 240],
  silent: [700, 1_900],
  declines: [10, 70],
  'passes-on': [10, 90],
  forgets: [5, 60],
  mornings: [1, 25],
};

/** How they answer it: yes, no, or somebody else. The rest stays without an answer. */
const ANSWERS: Readonly<Record<Temper, readonly [yes: number, no: number, other: number]>> = {
  prompt: [0.92, 0.03, 0.04],
  slow: [0.86, 0.04, 0.04],
  silent: [0.7, 0.1, 0.1],
  declines: [0.1, 0.85, 0.03],
  'passes-on': [0.4, 0.05, 0.53],
  forgets: [0.9, 0.02, 0.02],
  mornings: [0.9, 0.04, 0.04],
};

const ASKS = new Set(['offer', 'handoff', 'last-asked', 'inherited', 'is-it-yours']);
/** What tells whoever has a request that it is their turn. */
const PRODS = new Set([
  ...['answer-due', 'customer-wrote', 'due-reached', 'snooze-ended', 'help-answered', 'help-silent'],
  ...['nudged', 'undeliverable', 'handoff-outcome', 'no-progress', 'quiet'],
]);

export function members(world: World): Members {
  const { plan, oracle } = world;
  const desks = new Map<string, Got>();
  const working = new Set<string>();
  const answeredAway = new Set<string>();
  const chance = (...about: (string | number)[]): Chance => chanceOf(plan.seed, ...about);

  const awayOf = ({ away }: Person, at: Instant): Away | undefined =>
    away.find(({ from, until }) => from <= at && at < until);

  /** So many working minutes later, as they really work. */
  function later(person: Person, minutes: number): Instant {
    const at = world.now();
    const hours = hoursAt(person, at);
    if (person.template.temper !== 'mornings' || !oracle.isWorking(hours, person.away, at))
      return oracle.after(hours, person.away, at, minutes * MINUTE);
    // Whoever reads mail once a day does so as they begin, which is some time after they have stopped.
    let closed = at;
    while (oracle.isWorking(hours, person.away, closed)) closed += HOUR;
    return oracle.after(hours, person.away, closed, minutes * MINUTE);
  }

  function does(person: Person, minutes: number, deed: () => Promise<void>): void {
    world.at(later(person, minutes), async () => {
      if (isInTeam(person, world.now())) await deed();
    });
  }

  async function answer(person: Person, got: Got, text: string): Promise<void> {
    const to = [got.answerTo];
    await world.post(got.notice.inboxId, {
      ...{ from: addressOf(person.id), to, subject: 'Re: yours', text, answers: got.messageId },
    });
  }

  /** A colleague who is there, as far as anybody knows. */
  function colleague(person: Person, dice: Chance): string {
    const at = world.now();
    const others = plan.people.filter((one) => one !== person && isInTeam(one, at) && !awayOf(one, at));
    return others.length === 0 ? person.name : dice.pick(others).name;
  }

  function get(person: Person, got: Got): void {
    const { notice } = got;
    if (!isInTeam(person, world.now())) return;
    if (outOfOffice(person, got)) return;
    const { conversationId: id, body } = notice;
    desks.set(person.id, got);
    if (id !== null) desks.set(deskOf(person, id), got);
    const dice = chance('mail', notice.dedupeKey);
    if (dice.happens(ListHabits[body.kind] ?? 0)) return listed(person, got, dice);
    if (got.parts !== undefined) return each(person, got.parts);
    if (id !== null && ASKS.has(body.kind)) return asked(person, got, id, dice);
    if (id !== null && PRODS.has(body.kind)) return prodded(person, id, dice);
    if (body.kind === 'help-asked' && dice.happens(0.65))
      return does(person, dice.between(5, 500), () => answer(person, got, 'It is the valve, I think.'));
    if (body.kind === 'cover-asked')
      return does(person, dice.between(2, 90), () => answer(person, got, dice.happens(0.8) ? 'yes' : 'no'));
    if (body.kind === 'parked' && dice.happens(0.75)) {
      const word = dice.pick(['dismiss', 'request', 'retry', 'dismiss', 'request']);
      return does(person, dice.between(10, 400), () => answer(person, got, word));
    }
  }

  const each = (person: Person, parts: readonly Got[]): void => {
    for (const part of parts) get(person, part);
  };

  /** They go through it from the top, and say what they have to say by number. */
  function listed(person: Person, got: Got, dice: Chance): void {
    for (const part of got.parts ?? []) {
      const id = part.notice.conversationId;
      if (id !== null) desks.set(deskOf(person, id), part);
    }
    does(person, dice.between(3, 50), async () => {
      const asked = { request: world.request, colleague: () => colleague(person, dice) };
      const { lines, taken } = answerToList(person.id, got.notice.body, asked, dice);
      if (lines.length > 0) await answer(person, got, lines.join('\n'));
      for (const id of taken) work(person, id);
    });
  }

  /** Their mail program answers for them, once a request, when they have said nothing to Baton. */
  function outOfOffice(person: Person, { notice, returnPath, messageId }: Got): boolean {
    const away = awayOf(person, world.now());
    if (away?.how !== 'unsaid') return false;
    const once = `${person.id}/${away.from}/${notice.conversationId ?? notice.dedupeKey}`;
    if (answeredAway.has(once)) return true;
    answeredAway.add(once);
    world.at(world.now() + 2_000_000, () =>
      world.post(notice.inboxId, {
        from: addressOf(person.id),
        ...{ to: [returnPath], subject: 'Automatic reply', text: 'I am away.', answers: messageId },
        automatic: true,
      }),
    );
    return true;
  }

  // ── Questions ──

  function asked(person: Person, got: Got, id: ConversationId, dice: Chance): void {
    const [least, most] = PATIENCE[person.template.temper];
    const isLast = got.notice.body.kind === 'last-asked';
    does(person, dice.between(least, most), async () => {
      const { phase, owner } = world.request(id);
      if (phase === 'done' || owner === person.id) return;
      const [yes, no, other] = isLast ? [0.45, 0, 0.4] : ANSWERS[person.template.temper];
      const roll = dice.next();
      if (roll < yes) {
        const isQuick = dice.happens(0.3);
        const words = ['accept', 'yes, thanks', 'on it', 'accept'];
        await answer(person, got, isQuick ? 'reply\nWe will come tomorrow at ten.' : dice.pick(words));
        if (isQuick && dice.happens(0.7)) finish(person, id, got, dice);
        else if (person.template.temper !== 'forgets') work(person, id);
      } else if (roll < yes + no) await answer(person, got, dice.pick(['decline', 'no', 'decline, no time']));
      else if (roll < yes + no + other) await answer(person, got, `handoff to ${colleague(person, dice)}`);
    });
  }

  /** Whoever forgets needs to be told, and not every time is enough. */
  function prodded(person: Person, id: ConversationId, dice: Chance): void {
    if (dice.happens(person.template.temper === 'forgets' ? 0.6 : 0.93)) work(person, id);
  }

  // ── Work ──

  function work(person: Person, id: ConversationId, turn = 0): void {
    const key = deskOf(person, id);
    if (working.has(key)) return;
    working.add(key);
    const { version } = world.request(id);
    const dice = chance('work', person.id, id, version, turn);
    does(person, dice.between(8, 260), async () => {
      working.delete(key);
      const { phase, owner } = world.request(id);
      const got = desks.get(key);
      if (phase === 'done' || owner !== person.id || got === undefined) return;
      const next = await doSomething(person, id, got, dice);
      if (next) work(person, id, turn + 1);
    });
  }

  /** Answers whether they will go on by themselves. */
  async function doSomething(person: Person, id: ConversationId, got: Got, dice: Chance): Promise<boolean> {
    const say = (text: string) => answer(person, got, text);
    const roll = dice.next();
    if (roll < 0.05) await say(`help from ${colleague(person, dice)}: what is it?`);
    else if (roll < 0.07) await say(`ask fitter-${id % 9}@outside.example: can you come on Thursday?`);
    else if (roll < 0.12) {
      await say(
        dice.pick(['snooze until tomorrow', 'snooze until next Tuesday 3pm', 'snooze until 5pm tomorrow']),
      );
      return false;
    } else if (roll < 0.17) {
      await say(dice.pick(['due in 2 working days', 'due tomorrow 4pm', 'due next Friday']));
      return dice.happens(0.5);
    } else if (roll < 0.21) {
      await say(`handoff to ${colleague(person, dice)}`);
      return false;
    } else if (roll < 0.23) await say('note: rang them, nobody there');
    else if (roll < 0.3) await directly(person, id, got);
    else if (roll < 0.4) await say('reply\nWe will see to it tomorrow.\n');
    else if (roll < 0.45) return false;
    else {
      await say('reply\nIt is done. If anything is left, write to us.\n');
      finish(person, id, got, dice);
      return false;
    }
    return true;
  }

  function finish(person: Person, id: ConversationId, got: Got, dice: Chance): void {
    does(person, dice.between(1, 60), async () => {
      const latest = desks.get(deskOf(person, id)) ?? got;
      const { owner, phase } = world.request(id);
      if (owner === person.id && phase !== 'done') await answer(person, latest, 'done');
    });
  }

  /** From their own mail program, with the inbox in copy. */
  async function directly(person: Person, id: ConversationId, got: Got): Promise<void> {
    const customer = world.customer(id);
    const from = addressOf(person.id);
    const inbox = addressOf(got.notice.inboxId);
    await world.post(got.notice.inboxId, {
      ...{
        from,
        to: [customer.address],
        cc: [inbox],
        subject: `Re: ${customer.subject}`,
        text: 'See you there.',
      },
      answers: customer.messageId,
    });
    finish(person, id, got, chance('direct', id, person.id));
  }

  // ── Absences ──

  function begin(): void {
    for (const person of plan.people) {
      for (const away of person.away) if (away.how === 'told') world.at(away.from, () => tell(person, away));
    }
  }

  /** By themselves, or a manager for them; some come back before their time. */
  async function tell(person: Person, away: Away): Promise<void> {
    const at = world.now();
    const dice = chance('away', person.id, away.from);
    const cover = plan.people.find(({ id }) => id === away.cover && isInTeam(person, at));
    const until = `away until ${dateAfter(person, away, at)}${cover === undefined ? '' : ` cover ${cover.name}`}`;
    const manager = plan.people.find(({ id }) => id === 'dana');
    const byManager = dice.happens(0.25) && manager !== undefined && manager !== person;
    const writer = byManager ? manager : person;
    const got = desks.get(writer.id);
    if (got === undefined || !isInTeam(person, at) || !isInTeam(writer, at)) return;
    await answer(writer, got, byManager ? `${person.name} ${until}` : until);
    if (!dice.happens(0.25)) return;
    world.at(at + (away.until - at) / 2, async () => {
      const latest = desks.get(person.id);
      if (latest !== undefined && isInTeam(person, world.now())) await answer(person, latest, 'back');
    });
  }

  function dateAfter(person: Person, away: Away, at: Instant): string {
    const { zone } = hoursAt(person, at);
    const [today, last] = [dateIn(zone, at), dateIn(zone, away.until)];
    return last > today ? last : dateIn(zone, at + 26 * HOUR);
  }

  return { get, begin };
}

const deskOf = (person: Person, id: ConversationId): string => `${person.id}/${id}`;
