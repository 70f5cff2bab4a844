/**
 * What a visitor may do once the sample day is over: be anybody who writes or answers, and move the clock. Their mails go
 * over SMTP into the same mailboxes, the same workers read them, and nothing here decides anything.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { htmlInProcess } from '../../../adapters/mime/mail-html.ts';
import type { Person, Playground, PostedMail, Skip } from '../../../adapters/web/playground/context.ts';
import { momentIn } from '../../../config/values.ts';
import type { MemberId } from '../../../domain/ids.ts';
import { HOUR, type Instant } from '../../../domain/instant.ts';
import { localDate } from '../../../domain/standing-mails.ts';
import { ZONE } from '../day.ts';
import type { Line } from '../narrator.ts';
import type { Played } from '../play.ts';
import type { Received } from '../world.ts';
import { type Deeds, keepDeeds } from './deeds.ts';
import { EXAMPLES } from './examples.ts';
import { likelyAnswers } from './likely-answers.ts';
import { passTime } from './pass-time.ts';
import { type SamplePerson, samplePeople } from './people.ts';
import { openPostbox } from './postbox.ts';
import { writtenIn } from './write-in-name.ts';

export type PlaygroundOptions = {
  readonly played: Played;
  /** Who looks at the board at first. */
  readonly looksAs: MemberId;
  readonly signal: AbortSignal;
  /** Hears of everything that happens, once. */
  readonly tell: (lines: readonly Line[]) => void;
};

export type OpenPlayground = Playground & {
  /** Looks for what has happened; call it every now and then. */
  readonly look: () => Promise<void>;
  /** The night between the sample day and the visit, to the hour at which people are at work. */
  readonly untilMorning: () => Promise<void>;
};

const LOOK_AGAIN_MS = 500;
/** By then everybody is at work, and the manager has had the digest. */
const MORNING = '09:05';

export function openPlayground({ played, looksAs, signal, tell }: PlaygroundOptions): OpenPlayground {
  const { stage, news } = played;
  const { clock, services } = stage;
  const policy = () => services.settings.policy;
  const post = openPostbox(stage, stage.received.length);
  const deeds = keepDeeds();
  const oneByOne = inTurn();
  const tried = { answered: false, skipped: false };
  let openedWith = stage.received.length;
  /** How many mails there were when the visitor first wrote as somebody outside. */
  let wroteAt: number | null = null;
  let viewer = looksAs;

  const people = (): readonly SamplePerson[] => samplePeople(policy(), clock.now());
  const personOf = (id: string): SamplePerson => {
    const found = people().find((one) => one.id === id);
    if (found === undefined) throw new Error(`nobody here is called ${id}`);
    return found;
  };
  const look = () => oneByOne(async () => gather(deeds));
  const gather = async (into: Deeds): Promise<void> => {
    const lines = await news();
    await post.look();
    into.add(lines, stage.received.length);
    tell(lines);
  };
  const mailsOf = (id: string): readonly PostedMail[] => {
    const { address } = personOf(id);
    return post.mailsOf(address).map((letter) => {
      const one = letter.direction === 'in' ? post.received(address, letter.id) : null;
      return {
        ...letter,
        answers: one === null ? [] : likelyAnswers(policy(), one),
        html: async () => (one === null ? null : htmlInProcess(one.raw)),
      };
    });
  };
  const placeOf = (from: number, isMeant: (one: Received) => boolean) => {
    const mail = stage.received.findIndex((one, index) => index >= from && isMeant(one));
    const person = people().find(({ address }) => address === stage.received[mail]?.to);
    return person === undefined ? null : { person: person.id, name: person.name, mail };
  };
  const digestSince = (from: number) => {
    const found = placeOf(from, ({ kind }) => kind === 'digest');
    return found === null ? null : { ...found, isRead: post.isRead(found.mail) };
  };
  return {
    title: [...policy().inboxes.values()][0]?.name ?? '',
    timeZone: ZONE,
    now: clock.now,
    inboxes: [...policy().inboxes.values()].map(({ name, address }) => ({ name, address })),
    examples: EXAMPLES,
    people: () => people().map((one): Person => ({ ...one, unread: post.unread(one.address) })),
    mailsOf,
    markRead: (id, mail) => post.markRead(personOf(id).address, mail),
    post: (id, letter) =>
      oneByOne(async () => {
        const person = personOf(id);
        const delivery = writtenIn(person, letter, post, clock.now());
        await gather(deeds);
        deeds.begin(`You wrote as ${person.name}`, false, clock.now());
        if (person.member === null) wroteAt ??= stage.received.length;
        await stage.deliver([delivery]);
        if (person.member !== null && letter.type === 'answer') tried.answered = true;
        // A fraction of a second; where it takes too long, what follows is seen later.
        await stage.untilAtRest(signal).catch(() => {});
        await gather(deeds);
        deeds.end();
      }),
    skip: (how) =>
      oneByOne(async () => {
        await gather(deeds);
        deeds.begin(SKIPPED[how], true, clock.now());
        tried.skipped = true;
        try {
          await passTime({ stage, until: endOf(how, clock.now()), onRest: () => gather(deeds), signal });
        } finally {
          deeds.end();
        }
      }),
    latest: deeds.latest,
    progress: () => ({
      wrote: wroteAt !== null,
      ...tried,
      asked:
        wroteAt === null ? null : placeOf(wroteAt, ({ kind }) => kind === 'offer' || kind === 'last-asked'),
      digest: digestSince(openedWith),
    }),
    looksAs: () => viewer,
    lookAs: (member) => {
      if (policy().members.get(member)?.active === true) viewer = member;
    },
    csrf: randomBytes(24).toString('base64url'),
    onChange: deeds.onChange,
    look,
    untilMorning: () =>
      oneByOne(async () => {
        const onRest = () => gather(deeds);
        await passTime({ stage, until: tomorrowAt(MORNING, clock.now()), onRest, signal });
        openedWith = stage.received.length;
      }),
  };
}

/** Looks until the signal, so that what time and workers do by themselves is seen too. */
export async function keepLooking({ look }: OpenPlayground, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

const SKIPPED: Readonly<Record<Skip, string>> = {
  hour: 'You skipped 1 hour',
  'four-hours': 'You skipped 4 hours',
  tomorrow: 'You skipped to tomorrow, 9:00',
};

function endOf(how: Skip, now: Instant): Instant {
  if (how === 'hour') return now + HOUR;
  if (how === 'four-hours') return now + 4 * HOUR;
  return tomorrowAt('09:00', now);
}

function tomorrowAt(time: string, now: Instant): Instant {
  const date = localDate(ZONE, now).add({ days: 1 }).toString();
  const at = momentIn(`${date}T${time}`, ZONE);
  if (at === null) throw new Error(`${date} ${time} is no time`);
  return at;
}

/** One thing after the other: a clock that is moved while a mail is on its way would make it late. */
function inTurn(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const next = last.then(run, run);
    last = next.catch(() => {});
    return next;
  };
}
