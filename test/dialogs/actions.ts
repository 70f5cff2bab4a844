/** What may happen in a transcript: people and machines write, servers misbehave, the team changes. */
import { writeWelcomes } from '../../src/app/send-welcome.ts';
import type { Mail } from '../../src/domain/message.ts';
import { addressOf, type Letter, withQuote, writeLetter } from '../support/letters.ts';
import type { SentMail } from '../support/world.ts';
import { comesIn, inboxesOf, latestTo, newMessageId } from './post.ts';
import { REPORT, reports } from './reports.ts';
import type { Action, Stage } from './stage.ts';
import type { Step } from './transcript.ts';

type Deed = {
  readonly pattern: RegExp;
  readonly act: (stage: Stage, step: Step, found: string[]) => Promise<void> | void;
};

const DEEDS: readonly Deed[] = [
  { pattern: /^(?:in Sent of (\w+): )(.+?) -> (.+?): (.*)$/, act: writes },
  { pattern: /^(?:(before the start), )?(\S+@\S+|[^:]+ <\S+>) -> (.+?): (.*)$/, act: writes },
  { pattern: /^(\S+) replies(?: to the ([a-z-]+))?(?: from (\S+))?$/, act: replies },
  { pattern: /^(\S+) replies to (\S+)'s mail$/, act: repliesToAnother },
  { pattern: /^(\w+) writes to the address in the ([a-z-]+)$/, act: writesToLine },
  { pattern: REPORT, act: reports },
  { pattern: /^(\S+) is out of office$/, act: isOutOfOffice },
  { pattern: /^mail to (\S+) (comes back|is filed in Sent)$/, act: comesBack },
  { pattern: /^that mail comes in again$/, act: (stage) => comesAgain(stage, (raw) => raw) },
  {
    pattern: /^that mail comes in again by another way$/,
    act: (stage) => comesAgain(stage, (raw) => `Received: from elsewhere.example by mx.example\r\n${raw}`),
  },
  {
    pattern: /^that mail comes in again with another text$/,
    act: (stage, step) =>
      comesAgain(stage, (raw) => raw.replace(/\r\n\r\n[\s\S]*$/, `\r\n\r\n${step.text}\r\n`)),
  },
  {
    pattern: /^raw mail to (\w+)$/,
    act: (stage, step, [to = '']) =>
      comesIn(stage, [to], Buffer.from(`${step.text}`.replaceAll('\n', '\r\n'))),
  },
  {
    pattern: /^the mailbox of (\w+) is renumbered$/,
    act: ({ world }, _, [inbox = '']) => world.mailboxOf(inbox).changeUidValidity('INBOX'),
  },
  { pattern: /^(\w+) is welcomed( again)?$/, act: isWelcomed },
  { pattern: /^Baton (only looks on|works from now on)$/, act: looksOn },
  { pattern: /^(\w+) leaves the team$/, act: leaves },
  { pattern: /^(\w+) is no longer told apart$/, act: isForgotten },
  { pattern: /^the mail server refuses the next mail to (\S+) (for now|for good)$/, act: refusesNext },
  { pattern: /^a look back at (\w+) is sent$/, act: looksBack },
  { pattern: /^Baton is started again$/, act: ({ world }) => world.restart() },
];

export function act(step: Step): Action | null {
  for (const { pattern, act: deed } of DEEDS) {
    const found = pattern.exec(step.head);
    if (found !== null) return async (stage) => deed(stage, step, found.slice(1));
  }
  return null;
}

// ── Writing ──

type Details = {
  readonly headers: string[];
  readonly files: string[];
  readonly answering: string | null;
  readonly megabytes: number;
};

function detailsOf({ details }: Step): Details {
  const of = (pattern: RegExp) => details.flatMap((detail) => pattern.exec(detail)?.[1] ?? []);
  const known = [/^\+ (.+)$/, /^with (.+)$/, /^answering (.+)$/, /^of (\d+) MB$/] as const;
  const stray = details.find((detail) => !known.some((pattern) => pattern.test(detail)));
  if (stray !== undefined) throw new Error(`nobody knows what this means: ${stray}`);
  const [headers, files, answering, size] = known.map(of);
  return {
    headers: headers ?? [],
    files: files ?? [],
    answering: answering?.[0] ?? null,
    megabytes: Number(size?.[0] ?? 0),
  };
}

function writes(stage: Stage, step: Step, [where, from = '', to = '', subject = '']: string[]): void {
  const { headers, files, answering, megabytes } = detailsOf(step);
  const { world, written } = stage;
  const before = answering === null ? null : written.findLast(({ by }) => by === answering);
  if (before === undefined) throw new Error(`${answering} has written nothing`);
  const isOld = where === 'before the start';
  const date = isOld ? world.clock.now() - 86_400_000_000 : world.clock.now();
  const letter: Letter = {
    from,
    to: to.split(/,\s*/),
    subject,
    text: `${step.text ?? ''}${`${'x'.repeat(1023)}\n`.repeat(1024 * megabytes)}`,
    date,
    messageId: newMessageId(stage, from),
    answers: before,
    headers,
    attachments: files,
  };
  post(stage, letter, where !== undefined && !isOld ? { inbox: where, folder: 'Sent' } : null, date);
}

/** To each inbox that it is addressed to, or into one folder. */
function post(
  stage: Stage,
  letter: Letter,
  place: { inbox: string; folder: string } | null = null,
  receivedAt = stage.world.clock.now(),
): void {
  const { world, written } = stage;
  const raw = writeLetter(letter);
  const { messageId, answers } = letter;
  const references = [...(answers?.references ?? []), ...(answers?.messageId ? [answers.messageId] : [])];
  written.push({ by: addressOf(letter.from), messageId, references });
  if (place !== null) {
    world.deliver(place.inbox, raw, { folder: place.folder, receivedAt });
    return;
  }
  comesIn(stage, inboxesOf(stage, letter.to), raw, receivedAt);
}

/** To the address that a line of a mail names, as a thumb on it begins a mail of its own. */
async function writesToLine(stage: Stage, step: Step, [who = '', kind = '']: string[]): Promise<void> {
  const { mail } = await latestTo(stage, who, kind);
  const address = /[a-z]+\+[a-z2-7]{26}@elm\.example/.exec(mail.text)?.[0];
  if (address === undefined) throw new Error(`the ${kind} names no address`);
  const [from, date] = [`${who}@elm.example`, stage.world.clock.now()];
  const messageId = newMessageId(stage, from);
  const words = { subject: 'Re: Could not be read', text: step.text ?? '', answers: null };
  post(stage, { from, to: [address], ...words, date, messageId, headers: [], attachments: [] });
}

function comesAgain(stage: Stage, change: (raw: string) => string): void {
  if (stage.last === null) throw new Error('no mail came in so far');
  const { inboxes, raw } = stage.last;
  comesIn(stage, inboxes, Buffer.from(change(Buffer.from(raw).toString())));
}

// ── Answering ──

/** As a mail program answers: to Reply-To or From, under the same subject, with a quote. */
function answer(stage: Stage, step: Step, from: string, { mail }: SentMail): Letter {
  const { headers, files } = detailsOf(step);
  const date = stage.world.clock.now();
  return {
    from,
    to: [answerAddress(mail)],
    subject: /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`,
    text: withQuote(step.text ?? '', mail, date),
    date,
    messageId: newMessageId(stage, from),
    answers: { messageId: mail.messageId, references: mail.references },
    headers,
    attachments: files,
  };
}

const answerAddress = (mail: Mail): string => (mail.replyTo[0] ?? mail.from[0])?.address ?? '';

async function replies(stage: Stage, step: Step, [who = '', kind, address]: string[]): Promise<void> {
  const answered = await latestTo(stage, who, kind);
  const from = address ?? (who.includes('@') ? who : answered.outgoing.envelopeTo);
  post(stage, answer(stage, step, from, answered));
}

async function repliesToAnother(stage: Stage, step: Step, [who = '', other = '']: string[]): Promise<void> {
  const from = who.includes('@') ? who : (stage.world.policy().members.get(who)?.addresses[0] ?? '');
  post(stage, answer(stage, step, from, await latestTo(stage, other)));
}

/** RFC 3834 unless the step says how; no quote, as such answers have none. */
async function isOutOfOffice(stage: Stage, step: Step, [who = '']: string[]): Promise<void> {
  const answered = await latestTo(stage, who);
  const letter = answer(stage, step, answered.outgoing.envelopeTo, answered);
  post(stage, {
    ...letter,
    subject: `Automatic reply: ${answered.mail.subject}`,
    text: step.text ?? 'I am away until Monday.',
    returnPath: '',
    headers: letter.headers?.length ? letter.headers : ['Auto-Submitted: auto-replied'],
  });
}

async function comesBack(stage: Stage, _step: Step, [who = '', how]: string[]): Promise<void> {
  const { mail, outgoing } = await latestTo(stage, who);
  const folder = how === 'is filed in Sent' ? 'Sent' : 'INBOX';
  for (const inbox of inboxesOf(stage, [mail.from[0]?.address ?? '']))
    stage.world.deliver(inbox, outgoing.raw, { folder });
}

/** At the last 30 days, as `baton lookback --send` does. */
async function looksBack({ world }: Stage, _step: Step, [inbox = '']: string[]): Promise<void> {
  await world.lookBack(inbox);
}

// ── The team and the servers ──

async function leaves({ world }: Stage, _step: Step, [who = '']: string[]): Promise<void> {
  const policy = world.policy();
  await world.configure({ ...policy, members: new Map([...policy.members].filter(([id]) => id !== who)) });
}

/** As `baton welcome` writes it; the mailer finds it by itself. */
async function isWelcomed({ world }: Stage, _step: Step, [who = '', again]: string[]): Promise<void> {
  const { store, policy, clock } = world;
  await writeWelcomes({ store, policy, clock, secret: 'a secret for tests' }, [who], again !== undefined);
  await world.recover();
}

async function looksOn({ world }: Stage, _step: Step, [how]: string[]): Promise<void> {
  const { shadow: _, ...policy } = world.policy();
  await world.configure(how === 'only looks on' ? { ...policy, shadow: true } : policy);
}

async function isForgotten({ world }: Stage, _step: Step, [category = '']: string[]): Promise<void> {
  const policy = world.policy();
  const categories = new Map([...policy.categories].filter(([id]) => id !== category));
  await world.configure({ ...policy, categories });
}

function refusesNext({ world }: Stage, _step: Step, [to = '', how]: string[]): void {
  if (how === 'for good') world.sender.failNext('550', { type: 'permanent', to });
  else world.sender.failNext('451', { type: 'temporary', to });
}
