/** The mails of this run, in bytes: what customers, machines, attackers and members write. */
import { Buffer } from 'node:buffer';
import { fromMs } from '../../../src/domain/instant.ts';
import { bombs } from '../../support/bombs.ts';
import { largeMails } from '../../support/large-mails.ts';
import { type Letter, writeLetter } from '../../support/letters.ts';
import type { MailClass } from './manifest.ts';
import type { Received } from './received.ts';
import { ADDRESS, addressOfMember, type MemberName } from './setting.ts';

/** Stands in the words of every mail, and must stand in no log and no queue. */
export const CANARY = 'canary-of-words';
export const CUSTOMERS = 'tenant.example';
export const STRANGERS = 'stranger.example';
const BOMB_SCALE = 0.15;
const LARGE_BYTES = 6_000_000;

export type Written = {
  readonly class: MailClass;
  readonly variant: string;
  readonly raw: Uint8Array;
  readonly messageId: string | null;
  readonly from: string;
  readonly member: MemberName | null;
};

export const customer = (number: number): string => `customer${number}@${CUSTOMERS}`;
const letterId = (number: number): string => `letter-${number}@${CUSTOMERS}`;

const letterOf = (number: number, changes: Partial<Letter> = {}): Letter => ({
  from: `Customer ${number} <${customer(number)}>`,
  to: [ADDRESS],
  // Half of them match a rule, the others are the front desk's.
  subject: number % 2 === 0 ? `Dripping tap ${number}` : `Question ${number}`,
  text: `This is number ${number}, about ${CANARY} ${number}.`,
  date: fromMs(Date.now()),
  messageId: letterId(number),
  ...changes,
});

const written = (
  className: MailClass,
  variant: string,
  letter: Letter,
  member: MemberName | null = null,
): Written => ({
  class: className,
  variant,
  raw: writeLetter(letter),
  messageId: letter.messageId,
  from: letter.from.replace(/^.*<|>$/g, ''),
  member,
});

export const request = (number: number): Written => written('request', 'letter', letterOf(number));

/** More from somebody who wrote before. */
export const followUp = (number: number, of: number, answers: Received | null): Written =>
  written(
    'follow-up',
    answers === null ? 'to their own mail' : 'to a mail of ours',
    letterOf(of, {
      messageId: letterId(number),
      subject: `Re: ${letterOf(of).subject}`,
      text: `More about ${CANARY} ${of}: it is worse now, number ${number}.`,
      answers: answers === null ? { messageId: letterId(of), references: [] } : answers,
    }),
  );

/** The same mail again: by the same way, or by a list as well. */
export function copy(raw: Uint8Array, of: Pick<Written, 'messageId' | 'from'>, byList: boolean): Written {
  const before = byList ? 'Received: from list.example by mx.elm.example with ESMTP\r\n' : '';
  return {
    class: 'copy',
    variant: byList ? 'by a list' : 'as it was',
    raw: Buffer.concat([Buffer.from(before), raw]),
    ...of,
    member: null,
  };
}

/** Somebody else's mail under a Message-ID that came before, which must not suppress it. */
export const sameId = (number: number, id: string): Written =>
  written('same-id', 'another body', letterOf(number, { messageId: id }));

const OddWays: readonly (readonly [variant: string, change: (text: string) => string])[] = [
  ['no Message-ID', (text) => text.replace(/^Message-ID: .*\r\n/m, '')],
  ['two Message-IDs', (text) => text.replace(/^(Message-ID: <)(.*)$/m, '$1first-$2\r\n$1second-$2')],
  ['no Date', (text) => text.replace(/^Date: .*\r\n/m, '')],
  ['a Date that is none', (text) => text.replace(/^Date: .*$/m, 'Date: the day after tomorrow')],
  ['NUL in the body', (text) => `${text}\0\0\r\n`],
  ['bare CR and LF', (text) => `${text}one\rtwo\nthree\r\n`],
  ['an unknown charset', (text) => text.replace('charset=utf-8', 'charset=x-nobody-knows')],
];

export function odd(number: number, choice: number): Written {
  const [variant, change] = OddWays[Math.floor(choice * OddWays.length)] ?? ['none', (text: string) => text];
  const plain = written('odd', variant, letterOf(number));
  const raw = Buffer.from(change(Buffer.from(plain.raw).toString('latin1')), 'latin1');
  return { ...plain, raw, messageId: variant.includes('Message-ID') ? null : plain.messageId };
}

const RobotWays: readonly (readonly [variant: string, headers: readonly string[], from: string])[] = [
  ['auto-reply', ['Auto-Submitted: auto-replied', 'Precedence: auto_reply'], 'away'],
  [
    'list',
    ['List-Id: <news.robots.example>', 'List-Unsubscribe: <mailto:u@robots.example>', 'Precedence: bulk'],
    'news',
  ],
  ['bounce', ['Auto-Submitted: auto-replied', 'Content-Description: Notification'], 'MAILER-DAEMON'],
];

export function robot(number: number, choice: number): Written {
  const [variant, headers, name] = RobotWays[Math.floor(choice * RobotWays.length)] ?? ['none', [], 'robot'];
  const isBounce = variant === 'bounce';
  return written(
    'robot',
    variant,
    letterOf(number, {
      from: `${name}${isBounce ? '' : number}@robots.example`,
      subject: isBounce ? 'Undelivered Mail Returned to Sender' : `Out of office ${number}`,
      headers,
      ...(isBounce && { returnPath: '' }),
    }),
  );
}

export function bomb(number: number, choice: number): Written {
  const all = bombs(BOMB_SCALE);
  const [variant, raw] = all[Math.floor(choice * all.length)] ?? ['none', Buffer.of()];
  return { class: 'bomb', variant, ...ownHead(raw, number, 'bomb'), member: null };
}

export function large(number: number, choice: number): Written {
  const all = largeMails(LARGE_BYTES);
  const [variant, raw] = all[Math.floor(choice * all.length)] ?? ['none', Buffer.of()];
  return { class: 'large', variant, ...ownHead(raw, number, 'large'), member: null };
}

/** Each under an address and a Message-ID of its own, where it says one. */
function ownHead(raw: Buffer, number: number, name: string) {
  const from = `${name}${number}@${STRANGERS}`;
  const messageId = `${name}-${number}@${STRANGERS}`;
  const end = 2_000;
  const head = raw
    .subarray(0, end)
    .toString('latin1')
    .replace(/maria@x\.example/, from)
    .replace(/^(Message-ID: <)[^>]*>/m, `$1${messageId}>`);
  return { raw: Buffer.concat([Buffer.from(head, 'latin1'), raw.subarray(end)]), from, messageId };
}

/** A member's answer to a mail of ours. */
export const order = (number: number, member: MemberName, to: Received, text: string): Written =>
  written('order', text.split(/[\s:]/, 1)[0] ?? '', orderLetter(number, member, to, text), member);

const orderLetter = (number: number, member: MemberName, to: Received, text: string): Letter => ({
  from: `${member} <${addressOfMember(member)}>`,
  to: [to.replyTo],
  subject: `Re: ${to.subject}`,
  text,
  date: fromMs(Date.now()),
  messageId: `order-${number}@team.example`,
  answers: to,
});

const UNGIVEN = 'abcdefghijklmnopqrstuvwxyz';
const TOKEN = /\+[a-z2-7]{26}@/;

const ForgedWays: readonly (readonly [variant: string, forge: (letter: Letter, number: number) => Letter])[] =
  [
    ['by a stranger', (letter, number) => ({ ...letter, from: `Mallory <mallory${number}@${STRANGERS}>` })],
    [
      "by a stranger under the member's name",
      (letter, number) => ({
        ...letter,
        from: `"${letter.from.replace(/[<>]/g, '')}" <mallory${number}@${STRANGERS}>`,
      }),
    ],
    [
      'with a token that nobody gave out',
      (letter, number) => ({
        ...letter,
        to: letter.to.map((to) => to.replace(TOKEN, `+${UNGIVEN}@`)),
        answers: null,
        subject: `Order ${number}`,
      }),
    ],
    [
      'with a token cut short',
      (letter, number) => ({
        ...letter,
        to: letter.to.map((to) => to.replace(TOKEN, (token) => `${token.slice(0, 20)}@`)),
        answers: null,
        subject: `Order ${number}`,
      }),
    ],
    [
      'by another member',
      (letter) => ({
        ...letter,
        from: letter.from.includes('omar@') ? 'Sam <sam@team.example>' : 'Omar <omar@team.example>',
      }),
    ],
    [
      'under two senders',
      (letter, number) => ({ ...letter, headers: [`From: Mallory <mallory${number}@${STRANGERS}>`] }),
    ],
  ];

/** An order that looks like this member's and is not. */
export function forged(number: number, member: MemberName, to: Received, choice: number): Written {
  const [variant, forge] = ForgedWays[Math.floor(choice * ForgedWays.length)] ?? [
    'none',
    (letter: Letter) => letter,
  ];
  const letter = { ...orderLetter(number, member, to, 'done'), messageId: `forged-${number}@${STRANGERS}` };
  return written('forged', variant, forge(letter, number), member);
}
