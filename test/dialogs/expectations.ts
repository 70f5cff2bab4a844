/** What a transcript may expect of the mails sent, of requests and of what became of a message. */
import type { Conversation } from '../../src/domain/conversation/state.ts';
import { isOpen } from '../../src/domain/parked/parked.ts';
import { memberOf } from '../support/promises.ts';
import type { SentMail } from '../support/world.ts';
import { type Action, Mismatch, type Stage, summary } from './stage.ts';
import { writeTime } from './times.ts';
import type { Step } from './transcript.ts';

type Expectation = {
  readonly pattern: RegExp;
  readonly check: (stage: Stage, step: Step, found: string[]) => unknown;
};

const EXPECTATIONS: readonly Expectation[] = [
  { pattern: /^mail to (\S+): ([a-z-]+)$/, check: mailTo },
  { pattern: /^no other mail$/, check: noOtherMail },
  {
    pattern: /^request (\d+): (.+)$/,
    check: (stage, _, [n = '', text = '']) => same(describe(request(stage, n)), text),
  },
  { pattern: /^ledger (\d+): (.+)$/, check: (stage, _, [n = '', text = '']) => same(ledger(stage, n), text) },
  { pattern: /^events (\d+): (.+)$/, check: (stage, _, [n = '', text = '']) => same(events(stage, n), text) },
  {
    pattern: /^requests: (\d+)$/,
    check: ({ world }, _, [count]) => same(String(world.store.conversations().length), count ?? ''),
  },
  { pattern: /^the mail to (\S+?)(?:, the ([a-z-]+),)? is known as (.+)$/, check: knownAs },
  { pattern: /^parked (\d+): (.+)$/, check: (stage, _, [n = '', text = '']) => same(parked(stage, n), text) },
  { pattern: /^taken as (.+)$/, check: (stage, _, [text = '']) => same(whatBecame(stage), text) },
];

/** null: the step expects nothing, it is something that happens. */
export function expectation(step: Step): Action | null {
  for (const { pattern, check } of EXPECTATIONS) {
    const found = pattern.exec(step.head);
    if (found !== null) return async (stage) => void (await check(stage, step, found.slice(1)));
  }
  return null;
}

function same(actual: string, expected: string): void {
  if (actual !== expected) throw new Mismatch(`it is "${actual}"`);
}

// ── Mails ──

async function mailTo(
  { world, expected }: Stage,
  step: Step,
  [who = '', kind = '']: string[],
): Promise<void> {
  const waiting = (await world.sent()).filter((one) => !expected.has(one));
  const found = waiting.find(
    (one) =>
      one.kind === kind && [memberOf(world, one.outgoing.envelopeTo), one.outgoing.envelopeTo].includes(who),
  );
  if (found === undefined) {
    const others = waiting.map((one) => summary(world, one)).join(', ');
    throw new Mismatch(`it was not sent; sent were: ${others || 'none'}`);
  }
  expected.add(found);
  for (const detail of step.details) checkDetail(found, detail);
}

const DETAILS: Readonly<Record<string, (mail: SentMail, text: string) => boolean>> = {
  has: (mail, text) => flat(mail.mail.text).includes(flat(text)),
  'has not': (mail, text) => !flat(mail.mail.text).includes(flat(text)),
  subject: (mail, text) => mail.mail.subject === text,
  file: ({ mail }, text) => mail.attachments.some(({ filename }) => filename === text),
  'no file': ({ mail }, text) => mail.attachments.every(({ filename }) => filename !== text),
  from: (mail, text) => mail.mail.from[0]?.address === text,
  'in reply to': (mail, text) => mail.mail.inReplyTo[0] === text && mail.mail.references.at(-1) === text,
};

function checkDetail(mail: SentMail, detail: string): void {
  const [, name = '', text = ''] = /^([a-z ]+): (.*)$/.exec(detail) ?? [];
  const check = DETAILS[name];
  if (check === undefined) throw new Error(`a mail has no detail of this kind: ${detail}`);
  if (!check(mail, text)) throw new Mismatch(`${detail}, but it is: ${mail.mail.subject}\n${mail.mail.text}`);
}

/** What the outbox knows of the latest mail to somebody, or the latest of a kind. */
function knownAs({ world }: Stage, _: Step, [who = '', kind = '', text = '']: string[]): void {
  const rows = world.store.outbox().filter(({ notice, mail }) => {
    const to = mail?.recipient ?? '';
    return [memberOf(world, to), to].includes(who) && (kind === '' || notice.body.kind === kind);
  });
  const { state, returned } = rows.at(-1) ?? { state: 'never written', returned: null };
  const { reason, status, permanent } = returned?.failure ?? { reason: '', status: null, permanent: false };
  const words = [returned?.as ?? state, status ?? '', reason, permanent ? 'for good' : ''];
  same(words.filter((word) => word !== '').join(' '), text);
}

/** Line ends and ties between words are the renderer's. */
const flat = (text: string): string => text.replace(/[\s\u00a0]+/g, ' ').trim();

async function noOtherMail({ world, expected }: Stage): Promise<void> {
  const surplus = (await world.sent()).filter((one) => !expected.has(one));
  same(surplus.map((one) => summary(world, one)).join(', '), '');
}

// ── Requests and messages ──

function request({ world }: Stage, number: string): Conversation {
  const found = world.store.conversations().toSorted((a, b) => a.id - b.id)[Number(number) - 1];
  if (found === undefined) throw new Mismatch(`there is no request ${number}`);
  return found;
}

export function describe({ phase, owner, offer, accountable }: Conversation): string {
  switch (phase) {
    case 'arrived':
      return `nobody is asked, ${accountable} answers`;
    case 'offered':
      return `${offer?.to} is asked, ${accountable} answers`;
    case 'owned':
      return offer === null ? `${owner} has it` : `${owner} has it, ${offer.to} is asked`;
    case 'done':
      return `finished by ${owner}`;
    default:
      return phase satisfies never;
  }
}

function ledger(stage: Stage, number: string): string {
  const rows = stage.world.store.ledger(request(stage, number).id);
  return rows
    .map(({ member, fromAt }) => `${member ?? 'nobody'} ${writeTime(fromAt, stage.start)}`)
    .join(' -> ');
}

const events = (stage: Stage, number: string): string =>
  stage.world.store
    .events(request(stage, number).id)
    .map(({ type }) => type)
    .join(' ');

/** Of the mails that could not be read, in the order in which they came: whose it is until when, or what became of it. */
function parked({ world, start }: Stage, number: string): string {
  const all = world.store.parked().toSorted((a, b) => a.id - b.id);
  const found = all[Number(number) - 1];
  if (found === undefined) throw new Mismatch(`there is no parked mail ${number}`);
  if (isOpen(found)) return `${found.accountable} answers, until ${writeTime(found.due, start)}`;
  return `${found.decided?.how} by ${found.decided?.by}`;
}

/** The disposition of the message that came in last, and its request. */
function whatBecame({ world }: Stage): string {
  const ids = world.store
    .conversations()
    .map(({ id }) => id)
    .sort((a, b) => a - b);
  const last = world.store.messages().reduce((a, b) => (a.id > b.id ? a : b));
  return last.conversationId === null
    ? `${last.disposition}`
    : `${last.disposition} in request ${ids.indexOf(last.conversationId) + 1}`;
}
