/** What members do with the mails they get: each life has people of every temper, and nobody is reliable. */
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import type { MemberId } from '../../../src/domain/ids.ts';
import { type Duration, HOUR, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import type { NoticeKind, StoredNotice } from '../../../src/domain/notices/notice.ts';
import type { Dice } from './dice.ts';
import { bounceOf, outOfOffice } from './machines.ts';
import type { Letter, Sent } from './post.ts';

export const Tempers = [
  ...[
    'quick',
    'slow',
    'silent',
    'declines',
    'circles',
    'twice',
    'away',
    'nonsense',
    'bounces',
    'forged',
    'any',
  ],
] as const;
export type Temper = string;

/** A mail of Baton as whoever got it has it. */
export type Got = {
  readonly notice: StoredNotice;
  readonly sent: Sent;
  /** Where machines answer to. */
  readonly returnPath: string;
  readonly inboxAddress: string;
};

/** What people can do about the world, and what they know of it. */
export type Surroundings = {
  readonly dice: Dice;
  /** Writes a letter so much later. */
  post(inbox: string, letter: Letter, after: Duration, copies?: number): void;
  request(id: number): Conversation | null;
  /** The customer's address and the latest mail of theirs. */
  customerOf(id: number): { readonly address: string; readonly subject: string; readonly messageId: string };
  someRequest(): number;
  readonly colleagues: readonly MemberId[];
  /** How many letters of people are still to be written in this life. */
  mayWrite(): boolean;
};

const WAITS: Readonly<Record<Temper, readonly [Duration, Duration]>> = {
  quick: [5 * SECOND, 6 * MINUTE],
  slow: [10 * MINUTE, 3 * HOUR],
  silent: [20 * MINUTE, 10 * HOUR],
  any: [SECOND, HOUR],
};

export const addressOfMember = (member: MemberId): string => `${member}@elm.example`;

export function memberGets(around: Surroundings, member: MemberId, temper: Temper, got: Got): void {
  const { dice } = around;
  if (!around.mayWrite()) return;
  const { body, inboxId } = got.notice;
  if (temper === 'away') return around.post(inboxId, outOfOffice(addressOfMember(member), got), 30 * SECOND);
  if (temper === 'bounces' && dice.happens(0.7))
    return around.post(inboxId, bounceOf(addressOfMember(member), got, dice), dice.between(SECOND, 2 * HOUR));
  if (temper === 'silent' && dice.happens(0.85)) return;
  if (dice.happens(body.kind === 'receipt' ? 0.75 : (IGNORED[body.kind] ?? 0.25))) return;
  const [least, most] = WAITS[temper] ?? WAITS[dice.pick(['quick', 'slow', 'any'])] ?? [0, HOUR];
  const text = wordsOf(around, member, temper, got);
  const letter = answer(member, got, text);
  const after = dice.between(least, most);
  if (temper === 'forged' && dice.happens(0.6))
    return around.post(inboxId, forged(around, member, letter), after);
  if (temper === 'nonsense' && dice.happens(0.5))
    return around.post(inboxId, odd(around, member, letter, got), after);
  around.post(inboxId, letter, after, temper === 'twice' ? 2 : 1);
  if (temper === 'twice' && dice.happens(0.4))
    around.post(
      inboxId,
      answer(member, got, wordsOf(around, member, 'any', got)),
      after + dice.between(0, HOUR),
    );
}

const IGNORED: Readonly<Partial<Record<NoticeKind, number>>> = {
  ...{ offer: 0.1, handoff: 0.1, 'last-asked': 0.3, inherited: 0.2, 'is-it-yours': 0.1, parked: 0.2 },
  ...{ 'cover-asked': 0.2, 'help-asked': 0.2, held: 0.2, 'for-whom': 0.2, 'also-came': 0.3 },
};

function answer(member: MemberId, { sent, inboxAddress }: Got, text: string): Letter {
  return {
    from: addressOfMember(member),
    to: [sent.replyTo ?? inboxAddress],
    subject: `Re: ${sent.subject}`,
    text,
    answers: [sent.messageId],
  };
}

/** By somebody who holds a mail that was forwarded, or knows who works here. */
function forged({ dice, colleagues }: Surroundings, member: MemberId, letter: Letter): Letter {
  switch (dice.pick(['stranger', 'colleague', 'unproved', 'two', 'late-key'])) {
    case 'stranger':
      return { ...letter, from: 'mallory@evil.example', forged: true };
    case 'colleague': {
      const others = colleagues.filter((one) => one !== member);
      return { ...letter, from: addressOfMember(dice.pick(others)), forged: true };
    }
    case 'two':
      return { ...letter, warnings: ['from-many: two From fields'], forged: true };
    case 'unproved':
      return { ...letter, proved: false };
    default:
      return { ...letter, to: letter.to.map(withOtherKey), answers: [], forged: true };
  }
}

const withOtherKey = (to: string): string => to.replace(/\+(.)/, (_, first) => (first === 'z' ? '+y' : '+z'));

/** As people's programs send it: to everybody, with the customer in copy, without what it answers. */
function odd(around: Surroundings, member: MemberId, letter: Letter, got: Got): Letter {
  const { dice } = around;
  const id = got.notice.conversationId;
  switch (dice.pick(['customer', 'no-links', 'inbox', 'number', 'poison'])) {
    case 'customer': {
      if (id === null) return letter;
      const customer = around.customerOf(id);
      return {
        ...letter,
        to: [customer.address],
        cc: [got.inboxAddress],
        subject: `Re: ${customer.subject}`,
        text: 'We will come tomorrow.',
        answers: [customer.messageId],
      };
    }
    case 'no-links':
      return { ...letter, answers: [] };
    case 'inbox':
      return { ...letter, to: [got.inboxAddress] };
    case 'number':
      return {
        ...letter,
        to: [got.inboxAddress],
        answers: [],
        subject: `Re: something #${around.someRequest()}`,
      };
    default:
      return { ...letter, poison: dice.pick(['whole', 'body'] as const), from: addressOfMember(member) };
  }
}

// ── Words ──

function wordsOf(around: Surroundings, member: MemberId, temper: Temper, { notice }: Got): string {
  const { dice } = around;
  const { body, conversationId } = notice;
  const state = conversationId === null ? null : around.request(conversationId);
  const others = around.colleagues.filter((one) => one !== member);
  const colleague = (): string => (dice.happens(0.05) ? 'nobody-known' : dice.pick(others));
  if (temper === 'nonsense' && dice.happens(0.6)) return dice.pick(NONSENSE);
  if (temper === 'any' || dice.happens(0.15)) return anyOrder(around, colleague);
  switch (body.kind) {
    case 'offer':
    case 'handoff':
    case 'last-asked':
    case 'inherited':
    case 'is-it-yours':
      if (temper === 'declines') return dice.pick(['decline', 'no', 'decline, no time', 'decline invoices']);
      if (temper === 'circles') return `handoff to ${colleague()}`;
      return dice.pick([
        'accept',
        'accept',
        'yes',
        'take',
        'reply\nWe come at ten.',
        'accept\nhandoff to dana',
        'decline',
      ]);
    case 'help-asked':
      return dice.pick(['It is the valve.', 'no idea', 'accept']);
    case 'cover-asked':
      return dice.pick(['yes', 'no', 'accept', 'decline']);
    case 'parked':
    case 'parked-news':
      return dice.pick(['request', 'dismiss', 'retry', 'retry', 'accept', `handoff to ${colleague()}`]);
    case 'for-whom':
      return dice.pick(['for maria@example.com', 'for whom?', 'for newcomer@example.net']);
    case 'held':
      return dice.pick(['release', 'release', 'reply\nNo, tomorrow.']);
    case 'also-came':
      return dice.pick(['split', 'dismiss', 'ok']);
    case 'digest':
    case 'morning-list':
    case 'bundle':
    case 'member-left':
      return listed(around, colleague);
    default:
      if (temper === 'circles' && dice.happens(0.6)) return `handoff to ${colleague()}`;
      if (state?.owner === member) return dice.pick(ownerWords(around, colleague));
      return anyOrder(around, colleague);
  }
}

function ownerWords(around: Surroundings, colleague: () => string): string[] {
  return [
    ...[
      'done',
      'done',
      'reply\nIt is mended.',
      'reply\nTomorrow.\n',
      'reply\nIt is mended.\n',
      'note: rang them',
    ],
    ...[
      'snooze until tomorrow',
      'snooze for 2 hours',
      'due tomorrow 4pm',
      'due in 3 hours',
      'done: all well',
    ],
    ...[`handoff to ${colleague()}`, `help from ${colleague()}: what is it?`, 'split', 'spam'],
    ...['ask fitter@outside.example: can you come?', 'add copy@outside.example', 'for other@example.com'],
    ...[`merge ${around.someRequest()}`, 'release', 'status', 'remind', 'reply\nWe come at ten.\n\ndone'],
  ];
}

function anyOrder(around: Surroundings, colleague: () => string): string {
  const { dice } = around;
  return dice.pick([
    ...ownerWords(around, colleague),
    ...['accept', 'decline', 'take', 'reopen', 'my requests', 'help', 'send', 'category leaks', 'wrong team'],
    ...[
      'away until tomorrow',
      `away until next Monday cover ${colleague()}`,
      'back',
      `${colleague()} away until Friday`,
    ],
    ...[
      'away from tomorrow until Friday',
      'new: a phone call about the gate',
      'ready',
      'take over',
      'retry',
      'dismiss',
    ],
    ...[colleague(), 'thanks', 'done?', 'We are on it, I think.', `${around.someRequest()} take`],
  ]);
}

function listed(around: Surroundings, colleague: () => string): string {
  const id = around.someRequest();
  const { dice } = around;
  const lines = [
    `${id} take`,
    `${id} accept`,
    `${id} handoff to ${colleague()}`,
    `${id} remind`,
    `${id} done`,
  ];
  return dice.happens(0.3) ? `${dice.pick(lines)}\n${around.someRequest()} take` : dice.pick(lines);
}

const NONSENSE: readonly string[] = [
  ...[
    '',
    'ok',
    '???',
    'accept maybe',
    'I could accept it if Sam does not',
    'Accept.\nActually no',
    '> accept',
    'done done',
  ],
  ...[
    'handoff to',
    'snooze until yesterday',
    'reply',
    'merge 1',
    'ask nobody: x',
    'due when it is done',
    '"accept"',
  ],
  ...['Yes, but only on Monday', 'liked your message', 'accept\ndecline', '999999 take'],
];
