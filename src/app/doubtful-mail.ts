/**
 * Finds the one mail of a folder that its server never gives out, so that it does not hold up those behind it.
 *
 * After a failure mails are asked for one by one. The one that fails alone is doubted: over a fresh connection each
 * time, another mail of the folder is fetched first, and only if that one can be had does a further failure count. First
 * its bytes are asked for once more, then its header, twice; what was given is stored, be it nothing. A server that
 * gives no other mail either is out of order, and no mail of it is given up for that, however long it lasts.
 *
 * What is known is kept in memory: after a restart it is found out anew, by a few more failures.
 */
import type { Instant } from '../domain/instant.ts';
import { above, firstOf, lastOf, upTo } from '../domain/uid-ranges.ts';
import { Failure } from './failures.ts';
import type { ListedMail, MailboxSession } from './ports/mailbox-reader.ts';
import type { NewMessage } from './ports/store.ts';
import { isTooLarge, partialMessage, type TakeDeps, takeHeader, takeMails } from './take-mail.ts';

/** Failures that can be the doing of one mail, and what a person is told of them; any other says nothing about a mail. */
const OfOneMail: Readonly<Record<string, string>> = {
  'imap-refused': 'it refuses each time it is asked',
  'imap-unreadable-answer': 'what it answers cannot be understood',
  'imap-unreachable': 'the connection breaks off each time it is asked',
};

/** How often the header must fail while other mail can be had: a connection may break off by chance once. */
const HEADER_TRIES = 2;
/** Mails on each side that are tried as the other mail. */
const NEIGHBOURS = 3;

type Suspect = {
  readonly uid: number;
  /** What the server last said of it; null while it gives not even its size. */
  readonly listed: ListedMail | null;
  /** Failures while another mail could be had. */
  readonly bodyFailed: boolean;
  readonly headerFailures: number;
  /** How often no other mail could be had: it begins with another each time. */
  readonly outages: number;
  readonly why: string;
};

export class Doubt {
  /** Failures that led on: who asks again at once learns more. */
  steps = 0;
  readonly #now: () => Instant;
  #uidValidity = '';
  /** Mails up to this UID are asked for one by one. */
  #until = 0;
  #suspect: Suspect | null = null;
  #lastGiven: number | null = null;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** Whether mail above this UID is to be asked for one by one. */
  isOn({ uidValidity }: MailboxSession, lastUid: number): boolean {
    if (uidValidity !== this.#uidValidity) {
      this.end();
      this.#lastGiven = null;
    }
    this.#uidValidity = uidValidity;
    return this.#until > lastUid;
  }

  end(): void {
    this.#until = 0;
    this.#suspect = null;
  }

  /** For what asks about several mails at once: when it fails, those up to `until` are asked for one by one. */
  async together<T>(until: number, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    return this.#counting(signal, ask, () => {
      this.#until = until;
    });
  }

  /** One mail, as far as it can be had; null when it is gone. Throws until that is certain. */
  async take(
    deps: TakeDeps,
    session: MailboxSession,
    uid: number,
    signal: AbortSignal,
  ): Promise<NewMessage | null> {
    if (this.#suspect?.uid !== uid) return this.#takeAlone(deps, session, uid, signal);
    if (!(await this.#haveAnother(deps, session, this.#suspect)))
      return this.#takeOnly(deps, session, this.#suspect);
    const taken = await this.#takeSuspect(deps, session, this.#suspect, signal);
    if (typeof taken?.notGiven === 'string')
      deps.log.warn({ step: 'poll', uid, size: taken.size }, 'the server does not give a mail out');
    this.end();
    return taken;
  }

  async #takeAlone(deps: TakeDeps, session: MailboxSession, uid: number, signal: AbortSignal) {
    const taken = await this.#counting(
      signal,
      () => wholeOf(deps, session, uid),
      (why) => {
        this.#suspect = { uid, listed: null, bodyFailed: false, headerFailures: 0, outages: 0, why };
      },
    );
    if (taken !== null) this.#lastGiven = uid;
    return taken;
  }

  async #takeSuspect(deps: TakeDeps, session: MailboxSession, suspect: Suspect, signal: AbortSignal) {
    const { uid, bodyFailed, headerFailures } = suspect;
    if (!bodyFailed) {
      let { listed } = suspect;
      return this.#counting(
        signal,
        () =>
          wholeOf(deps, session, uid, (told) => {
            listed = told;
          }),
        (why) => {
          this.#suspect = { ...suspect, listed, bodyFailed: true, why };
        },
      );
    }
    // A date that nobody can tell must not make new mail look like history, so it counts as arriving now.
    const listed = suspect.listed ?? { uid, size: 0, internalDate: this.#now() };
    const notGiven = isTooLarge(deps, listed) ? null : `the mail server does not give it out: ${suspect.why}`;
    if (headerFailures >= HEADER_TRIES) return partialMessage(listed, new Uint8Array(), notGiven);
    const message = await this.#counting(
      signal,
      () => takeHeader(session, listed),
      (why) => {
        this.#suspect = { ...suspect, headerFailures: headerFailures + 1, why };
      },
    );
    return message && { ...message, notGiven };
  }

  /** Of a failure that one mail can have caused, `failed` is told. What we broke off ourselves says nothing. */
  async #counting<T>(signal: AbortSignal, ask: () => Promise<T>, failed: (why: string) => void): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const why = error instanceof Failure && !signal.aborted ? OfOneMail[error.code] : undefined;
      if (why !== undefined) {
        this.steps += 1;
        failed(why);
      }
      throw error;
    }
  }

  /** False when there is none that can be had. */
  async #haveAnother(deps: TakeDeps, session: MailboxSession, suspect: Suspect): Promise<boolean> {
    this.#suspect = { ...suspect, outages: suspect.outages + 1 };
    for (const uid of await this.#others(session, suspect)) {
      const [listed] = await session.describe([uid]);
      if (listed === undefined || isTooLarge(deps, listed)) continue;
      if ((await session.fetch([uid])).length === 0) continue;
      this.#lastGiven = uid;
      this.#suspect = suspect;
      return true;
    }
    return false;
  }

  /** Nothing else is there to be had, so a further failure says nothing against it: it is asked for until it comes. */
  async #takeOnly(deps: TakeDeps, session: MailboxSession, { uid }: Suspect): Promise<NewMessage | null> {
    const taken = await wholeOf(deps, session, uid).catch((cause: unknown) => {
      const why =
        `The server does not give out the mail with UID ${uid}, and no other mail is there that would show whether ` +
        'it is this mail or the server. Baton keeps asking.';
      throw new Failure('temporary', 'imap-nothing-given', why, { cause });
    });
    if (taken !== null) this.#lastGiven = uid;
    this.end();
    return taken;
  }

  /** The one that was given last and the nearest on both sides; each time it begins with the next of them. */
  async #others(session: MailboxSession, { uid, outages }: Suspect): Promise<number[]> {
    const there = await session.listUids();
    const near = [...lastOf(upTo(there, uid - 1), NEIGHBOURS), ...firstOf(above(there, uid), NEIGHBOURS)];
    const all = this.#lastGiven === null || this.#lastGiven === uid ? near : [this.#lastGiven, ...near];
    const at = outages % Math.max(1, all.length);
    return [...new Set([...all.slice(at), ...all.slice(0, at)])];
  }
}

async function wholeOf(
  deps: TakeDeps,
  session: MailboxSession,
  uid: number,
  told: (listed: ListedMail) => void = () => {},
): Promise<NewMessage | null> {
  const [listed] = await session.describe([uid]);
  if (listed === undefined) return null;
  told(listed);
  return (await takeMails(deps, session, [listed]))[0] ?? null;
}
