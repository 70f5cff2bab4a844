/**
 * Mail that flows while things go wrong: customers, machines and attackers write at the pace of the schedule, members
 * read what reached them and answer after a while. What comes next is drawn from the seed; when members answer depends
 * on when Baton's mail comes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Chance, chanceOf, inChance } from '../../../src/domain/learning/chance.ts';
import { asServed, type Maildrop, sha256 } from './maildrop.ts';
import * as mails from './mails.ts';
import type { Manifest } from './manifest.ts';
import { type Received, sinkReader } from './received.ts';
import type { Pace } from './schedule.ts';
import { addressOfMember, MEMBERS, type MemberName } from './setting.ts';

export type TrafficOptions = {
  readonly seed: number;
  readonly seconds: number;
  readonly paces: readonly Pace[];
  readonly drop: Maildrop;
  readonly manifest: Manifest;
  /** The folder of what was sent. */
  readonly sent: string;
};

/** In hundred mails of people outside and machines. */
const SHARES: readonly (readonly [kind: string, share: number])[] = [
  ['request', 66],
  ['follow-up', 9],
  ['copy', 4],
  ['copy-by-list', 3],
  ['same-id', 2],
  ['odd', 5],
  ['robot', 6],
  ['forged', 4],
  ['bomb', 1],
];
/** Few, since each takes its while, and its place on the disk. */
const LARGE_EVERY = 150;
const LOOK_MS = 500;
/** So many mails may come again, or be answered by their writers. */
const KEPT = 50;
const ANSWER_AFTER_MS = [500, 12_000] as const;

/** What members say to a question, and to other mails about what they have. */
const TO_QUESTIONS = [
  'accept',
  'accept',
  'accept',
  'decline busy',
  'handoff',
  'done',
  'reply',
  'note',
  null,
  null,
] as const;
const TO_OWNERS = ['done', 'reply', 'handoff', 'note', 'snooze until tomorrow', null, null] as const;
/** Of receipts, which answer every order, few are answered, or it would never end. */
const RECEIPTS_ANSWERED = 0.25;
const QUESTIONS = ['offer', 'handoff', 'last-asked'];
const NEWS = ['customer-wrote', 'inherited', 'no-progress', 'handoff-outcome', 'due-reached', 'snooze-ended'];

export type Traffic = {
  /** Resolves when nobody writes any more but members, who go on to take what they are asked. */
  readonly ended: Promise<void>;
  /** Nobody writes any more at all. */
  stop(): Promise<void>;
};

export function startTraffic(options: TrafficOptions): Traffic {
  const received: Received[] = [];
  const endsAt = performance.now() + options.seconds * 1_000;
  const post = new Post(options);
  const writing = (async () => {
    const begunAt = performance.now();
    for (let next = 0; performance.now() < endsAt; ) {
      const at = (performance.now() - begunAt) / 1_000;
      const pace = options.paces.findLast((one) => one.at <= at)?.perSecond ?? 1;
      post.somebodyWrites(received);
      next = Math.max(next + 1_000 / pace, performance.now() - begunAt - 1_000);
      await pause(Math.max(next - (performance.now() - begunAt), 0));
    }
  })();
  let isOver = false;
  const reading = (async () => {
    const look = sinkReader(options.sent);
    while (!isOver) {
      const news = look();
      received.push(...news);
      const isLate = performance.now() > endsAt;
      for (const mail of news) post.memberReads(mail, isLate);
      await pause(LOOK_MS);
    }
  })();
  return {
    ended: writing,
    async stop() {
      isOver = true;
      await reading;
      await post.answered();
    },
  };
}

class Post {
  readonly #options: TrafficOptions;
  readonly #chance: Chance;
  readonly #waiting = new Set<Promise<void>>();
  #number = 0;
  #deck: string[] = [];
  /** Bytes of what may come again; few are enough. */
  readonly #kept: {
    readonly raw: Uint8Array;
    readonly of: { messageId: string | null; from: string };
    readonly number: number;
  }[] = [];

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#chance = chanceOf(options.seed + 1);
  }

  somebodyWrites(received: readonly Received[]): void {
    if (this.#deck.length === 0)
      this.#deck = inChance(
        SHARES.flatMap(([kind, share]) => Array.from({ length: share }, () => kind)),
        this.#chance,
      );
    const kind = this.#deck.pop() ?? 'request';
    this.#number += 1;
    const number = this.#number;
    this.#put(
      number,
      number % LARGE_EVERY === 0
        ? mails.large(number, this.#chance())
        : this.#written(kind, number, received),
    );
  }

  #written(kind: string, number: number, received: readonly Received[]): mails.Written {
    const chance = this.#chance;
    const before = this.#kept[Math.floor(chance() * this.#kept.length)];
    const choice = chance();
    switch (kind) {
      case 'odd':
        return mails.odd(number, choice);
      case 'robot':
        return mails.robot(number, choice);
      case 'bomb':
        return mails.bomb(number, choice);
      case 'forged': {
        const question = received
          .filter((mail) => memberOf(mail) !== null && QUESTIONS.includes(mail.kind))
          .at(-1);
        const member = question === undefined ? null : memberOf(question);
        if (question === undefined || member === null) return mails.request(number);
        return mails.forged(number, member, question, choice);
      }
      case 'follow-up': {
        if (before === undefined) return mails.request(number);
        const told = received.find(
          ({ kind, envelopeTo }) => kind === 'acknowledgement' && envelopeTo === before.of.from,
        );
        return mails.followUp(number, before.number, told ?? null);
      }
      case 'copy':
      case 'copy-by-list':
        return before === undefined
          ? mails.request(number)
          : mails.copy(before.raw, before.of, kind !== 'copy');
      case 'same-id':
        return before === undefined ? mails.request(number) : mails.sameId(number, before.of.messageId ?? '');
      default: {
        const letter = mails.request(number);
        const { raw, messageId, from } = letter;
        const at = this.#kept.length < KEPT ? this.#kept.length : Math.floor(choice * KEPT);
        this.#kept[at] = { raw, of: { messageId, from }, number };
        return letter;
      }
    }
  }

  #put(number: number, { raw, ...mail }: mails.Written): void {
    const at = Date.now();
    const file = this.#options.drop.put(raw);
    this.#options.manifest.add({ number, ...mail, file, hash: sha256(asServed(raw)), at, atRisk: false });
  }

  /** `isLate`: what is asked now is taken, and nothing else begun, so that all comes to rest. */
  memberReads(mail: Received, isLate: boolean): void {
    const member = memberOf(mail);
    const chance = this.#chance();
    const choice = this.#chance();
    const [soonest, latest] = ANSWER_AFTER_MS;
    const afterMs = soonest + this.#chance() * (latest - soonest);
    const text = isLate ? answerLate(mail) : answerTo(mail, chance, choice);
    if (member === null || text === null) return;
    const answering = pause(afterMs).then(() => {
      this.#number += 1;
      this.#put(this.#number, mails.order(this.#number, member, mail, withName(text, member, choice)));
    });
    this.#waiting.add(answering);
    void answering.finally(() => this.#waiting.delete(answering));
  }

  async answered(): Promise<void> {
    await Promise.all(this.#waiting);
  }
}

function memberOf({ envelopeTo }: Received): MemberName | null {
  return MEMBERS.find((name) => addressOfMember(name) === envelopeTo) ?? null;
}

function answerTo({ kind }: Received, chance: number, choice: number): string | null {
  const among = (texts: readonly (string | null)[]) => texts[Math.floor(choice * texts.length)] ?? null;
  if (QUESTIONS.includes(kind)) return among(TO_QUESTIONS);
  if (NEWS.includes(kind)) return among(TO_OWNERS);
  return kind === 'receipt' && chance < RECEIPTS_ANSWERED ? among(TO_OWNERS) : null;
}

const answerLate = ({ kind }: Received): string | null => (QUESTIONS.includes(kind) ? 'accept' : null);

function withName(text: string, member: MemberName, choice: number): string {
  const others = MEMBERS.filter((name) => name !== member && name !== 'dana');
  const other = others[Math.floor(((choice * 17) % 1) * others.length)] ?? 'leah';
  if (text === 'handoff') return `handoff to ${other}`;
  if (text === 'reply') return `reply: We look at ${mails.CANARY} today.`;
  if (text === 'note') return `note: I rang about ${mails.CANARY}.`;
  return text;
}
