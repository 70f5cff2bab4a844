/**
 * An alarm in words: what happened, since when, what it means and what to do. Holds nothing of any mail, and of what a
 * server said only the code: an alarm leaves by a second way, to whoever looks after the machine.
 */
import type { Instant } from './instant.ts';
import { timeWords } from './notices/times.ts';
import type { OutageKind, Telling } from './outage.ts';
import { adviceOf, reasonOf } from './trouble-codes.ts';

export type AlarmFacts = {
  readonly telling: Telling;
  readonly kind: OutageKind;
  /** The address of the inbox; null: it is about no single one. */
  readonly address: string | null;
  readonly since: Instant;
  readonly code: string | null;
  readonly now: Instant;
  readonly timeZone: string;
};

export type AlarmWords = { readonly subject: string; readonly text: string };

export function alarmWords(facts: AlarmFacts): AlarmWords {
  const { telling, kind, since, code, now, timeZone } = facts;
  const words = WORDS[kind];
  const address = facts.address ?? '';
  const when = timeWords(since, now, timeZone);
  if (telling === 'over') {
    const what = words.over.replace('ADDRESS', () => address);
    return {
      subject: `Baton: ${what}`,
      text: lines([`${upper(what)}. So it was not from ${when} (${timeZone}) on.`, words.afterwards]),
    };
  }
  const what = alarmWhat(kind, address);
  const still = telling === 'still' ? 'still: ' : '';
  const why = code === null ? words.silent : `${reasonOf(code)} (code ${code})`;
  return {
    subject: `Baton: ${still}${what} since ${when}`,
    text: lines([
      `${upper(what)} since ${when} (${timeZone}).`,
      `What is known: ${why}`,
      `What it means: ${words.means}`,
      `What to do: ${(code === null ? words.todo : (adviceOf(code) ?? words.todo)).replace('ADDRESS', () => address)}`,
      'You hear of this again while it lasts, and when it is over.',
    ]),
  };
}

/** What is so while it lasts, in half a sentence. */
export const alarmWhat = (kind: OutageKind, address: string): string =>
  WORDS[kind].down.replace('ADDRESS', () => address);

type Words = {
  readonly down: string;
  readonly over: string;
  /** Where no failure is known: that nothing happens at all. */
  readonly silent: string;
  readonly means: string;
  readonly todo: string;
  readonly afterwards: string;
};

const NONE_LOST = 'Baton goes on by itself where it stopped; nothing has to be sent again.';

const WORDS: Readonly<Record<OutageKind, Words>> = {
  login: {
    down: 'the sign-in for ADDRESS has been refused',
    over: 'the sign-in for ADDRESS is good again',
    silent: 'its provider gives Baton no token.',
    means:
      "Baton cannot open this mailbox or send from it. Customers' mails wait at the mail server and are taken in, oldest first, once somebody has signed in again; nobody is asked about them until then.",
    todo: 'run "npx baton connect ADDRESS" where Baton runs, and sign in. Nothing has to be started anew.',
    afterwards: NONE_LOST,
  },
  intake: {
    down: 'the mail of ADDRESS has not been read',
    over: 'the mail of ADDRESS is read again',
    silent: 'nobody reads this mailbox.',
    means:
      "customers' mails wait at the mail server, and nobody is asked about them. None is lost: they are taken in, oldest first, as soon as it works again.",
    todo: 'see whether a poller runs ("npx baton start poller", or the service of that name); "npx baton status" shows more.',
    afterwards: `What came meanwhile is being taken in, oldest first. ${NONE_LOST}`,
  },
  reading: {
    down: 'mail that came to ADDRESS is stored, and has not been looked at',
    over: 'all mail that came to ADDRESS has been looked at',
    silent: 'some of it has waited all that time.',
    means:
      'these mails are safe in the database, but nobody is asked about them yet, and what teammates answered is not carried out.',
    todo: 'see whether a classifier and a replies worker run ("npx baton health" names the one that does not move) and what their logs say.',
    afterwards: NONE_LOST,
  },
  sending: {
    down: 'mail of ADDRESS has not gone out',
    over: 'mail of ADDRESS goes out again',
    silent: 'what is to be sent waits, and nobody tries.',
    means:
      'teammates are not asked, and customers get neither confirmations nor answers. What is to be sent waits, and is tried again for five days.',
    todo: 'see whether a mailer runs ("npx baton health mailer") and what its log says.',
    afterwards: `What waited is being sent. ${NONE_LOST}`,
  },
  canary: {
    down: 'a mail that ADDRESS sent to itself has not come back',
    over: 'a mail that ADDRESS sent to itself has come back',
    silent: 'the server took it, and it did not arrive in the folder that Baton reads.',
    means:
      "mail may be lost or held up on its way, customers' mail too, though reading and sending seem well from here.",
    todo: 'send a mail to the address yourself and follow it: the spam folder, rules that move mail, a full mailbox, the queue of the mail server.',
    afterwards: 'Mail goes round.',
  },
  paging: {
    down: 'pages about urgent requests of ADDRESS have not gone out',
    over: 'pages about urgent requests of ADDRESS go out again',
    silent: 'they wait, and nobody tries to send them.',
    means:
      'whoever is asked about an urgent request learns of it by mail alone, which may lie unread at night. The mails were sent.',
    todo: 'see whether a mailer runs ("npx baton health mailer"), and what its log says.',
    afterwards: 'What waited is being sent, as far as its answer is still waited for.',
  },
  database: {
    down: 'Baton has not reached its database',
    over: 'Baton reaches its database again',
    silent: 'it does not answer.',
    means:
      "nothing moves: customers' mails wait at the mail server, and none is lost; no mail goes out, and no deadline is watched.",
    todo: 'see whether PostgreSQL runs, has room on its disk, and can be reached from here.',
    afterwards: NONE_LOST,
  },
};

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const lines = (paragraphs: readonly string[]): string => `${paragraphs.join('\n\n')}\n`;
