/**
 * Machines that answer Baton for as long as they are let, on a virtual clock: another Baton that shares no key, and
 * robots. Each tells how many automatic mails went to people outside, and how many came.
 */
import { DAY, type Duration, type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { Member, Policy } from '../../src/domain/policy.ts';
import { type Letter, writeLetter } from './letters.ts';
import { type PolicyOverrides, testPolicy } from './policy.ts';
import { openWorld, type SentMail, type World } from './world.ts';

/** What becomes of a mail on its way. */
export type Relay = (raw: string, at: number) => string;

export const intact: Relay = (raw) => raw;
/** Everything that says that a machine wrote it is gone. */
export const withoutMarks: Relay = (raw) =>
  withoutFields(raw, /^(auto-submitted|x-auto-response-suppress|x-baton-notice)$/);
/** And everything that says what it answers. */
export const withoutThread: Relay = (raw, at) =>
  withoutFields(withoutMarks(raw, at), /^(in-reply-to|references|message-id)$/).replace(
    '\r\n\r\n',
    `\r\nMessage-ID: <relayed-${at}@relay.example>\r\n\r\n`,
  );
/** And each says something else. */
export const otherWords: Relay = (raw, at) =>
  withoutThread(raw, at)
    .replace(/^Subject: /m, `Subject: ${word(at)} `)
    .replace(/\r\n\r\n/, `\r\n\r\n${word(at + 7)}\r\n`);

/** A word without figures, another for each number. */
export const word = (at: number): string =>
  [...String(at)].map((digit) => 'bdfgklmnpr'[Number(digit)]).join('a');

function withoutFields(raw: string, name: RegExp): string {
  const end = raw.indexOf('\r\n\r\n');
  const fields = raw.slice(0, end).split(/\r\n(?![ \t])/);
  const kept = fields.filter((field) => !name.test(field.slice(0, field.indexOf(':')).toLowerCase()));
  return kept.join('\r\n') + raw.slice(end);
}

const STEP: Duration = 30 * MINUTE;
/** Within one step; more is no exchange of mails but an explosion. */
const ROUNDS_MAX = 200;

const TELLING = { maintenance: { tellCustomer: { owner: true, finished: true, delay: true } } };

/** An office elsewhere, whose people and addresses are its own. */
function officeAt(domain: string, overrides: PolicyOverrides): Policy {
  const policy = testPolicy({ inboxes: TELLING, ...overrides });
  const moved = (address: string): string => address.replace(/@.*/, `@${domain}`);
  const inboxes = [...policy.inboxes].map(
    ([id, inbox]) => [id, { ...inbox, address: moved(inbox.address) }] as const,
  );
  const members = [...policy.members].map(([id, member]): [string, Member] => [
    id,
    { ...member, addresses: member.addresses.slice(0, 1).map(moved) },
  ]);
  return { ...policy, inboxes: new Map(inboxes), members: new Map(members) };
}

export type Exchange = { readonly sent: number; readonly received: number; readonly requests: number };

/** Two offices where each mail of one to the other is delivered, and whoever is asked for something takes it. */
export async function twoBatons(relay: Relay, hours: number): Promise<Exchange> {
  const clocks = { answer: { normal: 240 * MINUTE, urgent: 60 * MINUTE } };
  const ours = await openWorld({ policy: officeAt('elm.example', { clocks }), secret: 'the secret of Elm' });
  const theirs = await openWorld({
    policy: officeAt('oak.example', { clocks }),
    secret: 'the secret of Oak',
  });
  const couriers = [courier(ours, theirs, relay), courier(theirs, ours, relay)];
  ours.deliver('maintenance', person('maintenance@oak.example', 'maintenance@elm.example', ours.clock.now()));
  const end = ours.clock.now() + hours * 60 * MINUTE;
  while (ours.clock.now() < end) {
    await exchange([ours, theirs], couriers);
    const next = Math.min(end, ours.clock.now() + STEP);
    await ours.advanceTo(next);
    await theirs.advanceTo(next);
  }
  const [there = 0, back = 0] = couriers.map(({ carried }) => carried());
  return { sent: there, received: back, requests: ours.store.conversations().length };
}

async function exchange(worlds: readonly World[], couriers: readonly Courier[]): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    for (const world of worlds) await world.settle();
    const moved = await Promise.all(couriers.map((one) => one.carry()));
    if (moved.every((count) => count === 0)) return;
  }
  throw new Error('two offices write to each other without end');
}

type Courier = { carry(): Promise<number>; carried(): number };

/** Brings what one office sent to the other; what it asks of its own people they take. */
function courier(from: World, to: World, relay: Relay): Courier {
  let seen = 0;
  let carried = 0;
  const inboxes = [...to.policy().inboxes.values()];
  return {
    carried: () => carried,
    async carry() {
      const fresh = (await from.sent()).slice(seen);
      seen += fresh.length;
      for (const mail of fresh) {
        const inbox = inboxes.find(({ address }) => address === mail.outgoing.envelopeTo);
        if (inbox === undefined) accept(from, mail);
        else {
          carried += 1;
          to.deliver(
            inbox.id,
            Buffer.from(relay(Buffer.from(mail.outgoing.raw).toString('latin1'), seen + carried), 'latin1'),
          );
        }
      }
      return fresh.length;
    },
  };
}

const ASKS = ['offer', 'handoff', 'last-asked'];

function accept(world: World, { kind, mail, outgoing }: SentMail): void {
  const to = mail.replyTo[0]?.address;
  if (!ASKS.includes(kind) || to === undefined) return;
  const date = world.clock.now();
  const messageId = `accept-${outgoing.envelopeFrom.replaceAll('@', '-')}@home.example`;
  const letter: Letter = {
    from: outgoing.envelopeTo,
    to: [to],
    subject: 'Re: yes',
    text: 'accept',
    date,
    messageId,
  };
  world.deliver('maintenance', writeLetter(letter));
}

const person = (from: string, to: string, date: Instant): Uint8Array =>
  writeLetter({
    ...{ from, to: [to], subject: 'A leak on our side of the wall', text: 'Can you look at it?', date },
    messageId: `first@${from.split('@')[1]}`,
  });

export type Robot = {
  /** What it answers a mail with; null: nothing. */
  readonly answer?: (mail: SentMail, at: number) => Partial<Letter> | Uint8Array | null;
  /** What it writes by itself, how often. */
  readonly every?: Duration;
  readonly writes?: (at: number) => Partial<Letter>;
};

const ROBOT = 'robot@example.com';

/** A robot that writes first, and then as it does, for so many hours. */
export async function withRobot(robot: Robot, hours: number): Promise<Exchange> {
  const world = await openWorld({ policy: testPolicy({ inboxes: TELLING }) });
  const begunAt = world.clock.now();
  const end = begunAt + hours * 60 * MINUTE;
  let seen = 0;
  let sent = 0;
  let written = 0;
  const write = (what: Partial<Letter> | Uint8Array): void => {
    written += 1;
    const letter: Letter = {
      ...{ from: ROBOT, to: ['maintenance@elm.example'], subject: 'Leak alarm', text: 'Something leaks.' },
      ...{ date: world.clock.now(), messageId: `robot-${written}@example.com` },
      ...(what instanceof Uint8Array ? {} : what),
    };
    world.deliver('maintenance', what instanceof Uint8Array ? what : writeLetter(letter));
  };
  const hear = async (): Promise<boolean> => {
    const fresh = (await world.sent()).slice(seen);
    seen += fresh.length;
    for (const mail of fresh) {
      if (mail.outgoing.envelopeTo !== ROBOT) {
        accept(world, mail);
        continue;
      }
      sent += 1;
      const answer = robot.answer?.(mail, written) ?? null;
      if (answer !== null) write(answer);
    }
    return fresh.length > 0;
  };
  for (let due = begunAt; world.clock.now() < end; ) {
    if (world.clock.now() >= due) {
      write(robot.writes?.(written) ?? {});
      due = robot.every === undefined ? end + DAY : due + robot.every;
    }
    do await world.settle();
    while (await hear());
    await world.advanceTo(Math.min(end, world.clock.now() + (robot.every ?? STEP)));
  }
  return { sent, received: written, requests: world.store.conversations().length };
}

/** So many senders, none of whom wrote. */
export async function spoofed(
  count: number,
  policy = testPolicy(),
): Promise<Exchange & { readonly words: readonly string[] }> {
  const world = await openWorld({ policy });
  for (let at = 0; at < count; at += 1) {
    const from = `Pay now ${word(at)} <victim-${at}@victims-${at % 50}.example>`;
    const subject = `URGENT ${word(at)}: your account is closed`;
    const text = `Go to http://evil.example/${word(at)} at once.`;
    const letter = { from, to: ['maintenance@elm.example'], subject, text, date: world.clock.now() };
    world.deliver('maintenance', writeLetter({ ...letter, messageId: `spoof-${at}@evil.example` }));
    if (at % 100 === 99) await world.settle();
  }
  await world.settle();
  const sent = (await world.sent()).filter(({ outgoing }) => outgoing.envelopeTo.startsWith('victim-'));
  const words = sent.map(({ mail }) =>
    [mail.subject, mail.text, ...mail.to.map(({ name }) => name)].join('\n'),
  );
  return { sent: sent.length, received: count, requests: world.store.conversations().length, words };
}

const OUT_OF_OFFICE = { subject: 'Out of office', text: 'I am away.' };

export const robots = {
  /** Neither marked nor in the thread that it answers. */
  outOfOffice: { answer: () => OUT_OF_OFFICE },
  /** Sends back whatever it gets, as lists do. */
  list: {
    answer: ({ outgoing }) => Buffer.from(asList(Buffer.from(outgoing.raw).toString('latin1')), 'latin1'),
  },
  /** Confirms each of our mails, never with the same words. */
  confirms: { answer: (_, at) => ({ subject: word(at), text: `We have your mail: ${word(at)}` }) },
  alarms: { every: 10 * MINUTE, writes: (at) => ({ text: `Leak number ${at}` }) },
  alarmsInOtherWords: { every: 10 * MINUTE, writes: (at) => ({ text: `Leak ${word(at)}` }) },
} satisfies Record<string, Robot>;

const asList = (raw: string): string =>
  `Received: from list.example by mx.elm.example\r\n${withoutFields(raw, /^from$/)}`
    .replace(/^Subject: /m, 'Subject: [tenants] ')
    .replace('\r\n\r\n', '\r\nFrom: tenants@list.example\r\n\r\n');
