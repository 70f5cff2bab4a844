/**
 * One examined folder over one connection.
 *
 * "No new mail" is believed only of a session that is alive before and after the question. After the first
 * failure the session is finished and every further call fails alike.
 */
import type { FetchMessageObject, FetchQueryObject, ImapFlow, SearchObject } from 'imapflow';
import { Failure } from '../../app/failures.ts';
import type { FetchedMail, JunkCount, ListedMail, MailboxSession } from '../../app/ports/mailbox-reader.ts';
import { fromDate, fromMs, type Instant } from '../../domain/instant.ts';
import { countIn, merged, rangesOf, type UidRange } from '../../domain/uid-ranges.ts';
import { boundaryDays, junkFolderIn } from './junk.ts';
import type { Heard, ImapTimings } from './mailbox-reader.ts';
import {
  connectionLost,
  hasTokenEnded,
  type Place,
  toFailure,
  tokenEnded,
  uidValidityChanged,
  unreadableAnswer,
} from './translate.ts';
import { answersByUid, missingIn, parseUidSet, uidSets } from './uids.ts';

/** How many UIDs one SEARCH may span while it works through mail that was there at the start. */
const SEARCH_SPAN = 20_000;
/** A header block beyond this is not needed to tell whose mail it is. */
const HEADER_MAX = 256 * 1024;
const BUSY = /too many|throttl|limit|try again/i;

export function imapSession(
  client: ImapFlow,
  place: Place,
  timings: ImapTimings,
  heard: Heard,
): MailboxSession {
  return new ImapSession(client, place, timings, heard);
}

class ImapSession implements MailboxSession {
  readonly uidValidity: string;
  private readonly client: ImapFlow;
  private readonly place: Place;
  private readonly timings: ImapTimings;
  private readonly heard: Heard;
  private failure: Failure | null = null;
  private news = false;
  private flowsUntil = Number.NEGATIVE_INFINITY;
  private quickestMs = Number.POSITIVE_INFINITY;
  private wake: () => void = () => {};
  /** Known UIDs above `after`, so that a long history is searched in steps and not once per batch. */
  private known: { after: number; uids: readonly number[] } = { after: 0, uids: [] };

  constructor(client: ImapFlow, place: Place, timings: ImapTimings, heard: Heard) {
    this.client = client;
    this.place = place;
    this.timings = timings;
    this.heard = heard;
    this.uidValidity = currentUidValidity(client);
    client.on('exists', () => {
      this.news = true;
      this.wake();
    });
    client.on('close', () => this.wake());
  }

  get uidNext(): number | null {
    const { mailbox } = this.client;
    // imapflow puts 0 where the server said nothing.
    return (mailbox !== false && mailbox.uidNext) || null;
  }

  async listAfter(uid: number, limit: number): Promise<ListedMail[]> {
    const listed: ListedMail[] = [];
    let after = uid;
    while (listed.length < limit) {
      let complete = false;
      if (after < this.known.after || !this.known.uids.some((known) => known > after)) {
        complete = await this.search(after);
      } else if (after === uid) {
        // Found by an earlier call: a server goes on showing what others have expunged since, until it may say so.
        await this.proveAlive('looking for new mail');
      }
      // `N:*` always matches the last mail, even when its UID is below N (RFC 3501 section 6.4.8).
      const above = this.known.uids.filter((known) => known > after);
      const batch = above.slice(0, limit - listed.length);
      const last = batch.at(-1);
      if (last === undefined) break;
      listed.push(...(await this.describe(batch)));
      after = last;
      if (complete && batch.length === above.length) break;
    }
    if (listed.length > 0) this.flowsUntil = performance.now() + this.timings.flowsForMs;
    return listed;
  }

  async listUids(): Promise<readonly UidRange[]> {
    // Opening anew takes in what came meanwhile without announcing it: the next wait must not begin before a look.
    this.news = true;
    await this.reopen();
    return (await this.compactUids()) ?? (await this.uidsInSteps());
  }

  async fetch(uids: readonly number[]): Promise<FetchedMail[]> {
    const query = { uid: true, source: true };
    return this.answers('reading mail', uids, query, (row) => fetchedMail(row.uid, row.source));
  }

  async fetchHeaders(uid: number): Promise<FetchedMail | null> {
    const part = { key: 'HEADER', start: 0, maxLength: HEADER_MAX };
    const query = { uid: true, bodyParts: [part] };
    const mails = await this.answers('reading headers', [uid], query, (row) =>
      fetchedMail(row.uid, row.headers),
    );
    return mails[0] ?? null;
  }

  async waitForNews(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const until = performance.now() + timeoutMs;
    this.requireAlive('waiting for mail');
    while (!this.news && !signal.aborted) {
      const leftMs = until - performance.now();
      if (leftMs <= 0) return;
      if (this.asksOften()) await this.rest(Math.min(leftMs, this.timings.askEveryMs), signal);
      else await this.idle(Math.min(leftMs, this.timings.idleSliceMs), signal);
      this.requireAlive('waiting for mail');
      if (this.news || signal.aborted || until - performance.now() <= 0) return;
      await this.proveAlive('waiting for mail');
    }
  }

  async countJunk(folder: string | null, since: Instant): Promise<JunkCount | null> {
    const doing = 'counting spam';
    const name = junkFolderIn(await this.ask(doing, () => this.client.list()), folder);
    if (name === null || name === this.place.folder) return null;
    this.news = true;
    await this.ask(doing, () => this.client.mailboxOpen(name, { readOnly: true }));
    const [before, after] = boundaryDays(since);
    // Where a server knows WITHIN, imapflow asks by age in seconds, and RFC 5032 section 3 allows none below 1.
    const isPast = after.getTime() < Date.now() - 1_000;
    const later = isPast ? await this.searchBy(doing, { since: after }) : [];
    const around = await this.searchBy(doing, { since: before, ...(isPast && { before: after }) });
    const dated = await this.describe(around);
    await this.reopen();
    const count = later.length + dated.filter(({ internalDate }) => internalDate >= since).length;
    return { folder: name, count };
  }

  async close(): Promise<void> {
    this.failure ??= connectionLost(this.place, 'after closing', 'closed by Baton');
    if (this.client.usable) {
      await withDeadline(this.client.logout().catch(ignore), this.timings.logoutMs);
    }
    this.client.close();
  }

  /** True when the answer covers every mail above `after`. */
  private async search(after: number): Promise<boolean> {
    // Before the question, so that what is announced during it rings again rather than never.
    this.news = false;
    const mailbox = await this.reopen();
    let low = after + 1;
    let span = SEARCH_SPAN;
    while (mailbox.uidNext && mailbox.uidNext - low > span) {
      const uids = await this.searchUids(`${low}:${low + span - 1}`);
      if (uids.length > 0) {
        this.known = { after, uids };
        return false;
      }
      low += span;
      // UIDs may have gaps of millions: the span grows while nothing is found.
      span *= 4;
    }
    this.known = { after, uids: await this.searchUids(`${low}:*`) };
    return true;
  }

  private async reopen(): Promise<{ readonly uidNext?: number | undefined }> {
    const mailbox = await this.ask('opening the folder', () =>
      this.client.mailboxOpen(this.place.folder, { readOnly: true }),
    );
    const uidValidity = String(mailbox.uidValidity);
    if (uidValidity !== this.uidValidity) {
      throw this.finish(uidValidityChanged(this.place, this.uidValidity, uidValidity));
    }
    return mailbox;
  }

  /**
   * By ESEARCH (RFC 4731): one line, however many mails there are. Null when the server has no such thing, or when its
   * count and its set disagree: a set that was cut or passed over would make mails look gone.
   */
  private async compactUids(): Promise<UidRange[] | null> {
    const { capabilities } = this.client;
    if (!capabilities.has('ESEARCH') && !capabilities.has('IMAP4REV2')) return null;
    const answer = await this.ask('comparing UIDs', () =>
      this.client.search({ all: true }, { uid: true, returnOptions: ['COUNT', 'ALL'] }),
    );
    if (!answer || Array.isArray(answer) || answer.count === undefined) return null;
    const ranges = answer.all === undefined ? [] : parseUidSet(answer.all);
    return ranges !== null && countIn(ranges) === answer.count ? ranges : null;
  }

  private async uidsInSteps(): Promise<UidRange[]> {
    const { uidNext } = this;
    const ranges: UidRange[] = [];
    let span = SEARCH_SPAN;
    let low = 1;
    for (; uidNext !== null && uidNext - low > span; low += span) {
      const found = await this.searchUids(`${low}:${low + span - 1}`);
      ranges.push(...rangesOf(found));
      span = found.length === 0 ? span * 4 : SEARCH_SPAN;
    }
    ranges.push(...rangesOf((await this.searchUids(`${low}:*`)).filter((uid) => uid >= low)));
    return merged(ranges);
  }

  private searchUids(set: string): Promise<number[]> {
    return this.searchBy('looking for new mail', { uid: set });
  }

  private async searchBy(doing: string, query: SearchObject): Promise<number[]> {
    const answer = await this.ask(doing, () => this.client.search(query, { uid: true }));
    // imapflow answers false for a refusal as for a dead session; neither means "no mail".
    if (!Array.isArray(answer)) throw this.finish(toFailure(this.heard.best(null), this.place, doing));
    return answer;
  }

  describe(uids: readonly number[]): Promise<ListedMail[]> {
    const query = { uid: true, size: true, internalDate: true };
    return this.answers('asking for sizes', uids, query, (row) => {
      if (row.size === undefined) return undefined;
      const date = new Date(row.internalDate ?? Number.NaN);
      // A date nobody can read must not make new mail look like history, so it counts as arriving now.
      const internalDate = Number.isNaN(date.getTime()) ? fromMs(Date.now()) : fromDate(date);
      return { uid: row.uid, size: row.size, internalDate };
    });
  }

  /**
   * One value for each mail that still exists. A missing answer means "expunged" only when the server agrees: imapflow
   * passes over an answer that it cannot parse, Dovecot answers nothing about a mail that came since it last told this
   * session of new ones, and a mail passed over in silence would be lost.
   */
  private async answers<Value extends { readonly uid: number }>(
    doing: string,
    uids: readonly number[],
    query: FetchQueryObject,
    value: (row: FetchMessageObject) => Value | undefined,
  ): Promise<Value[]> {
    const found = answersByUid(uids, await this.fetchRows(doing, uids, query), value);
    const there = await this.stillThere(doing, missingIn(uids, found));
    if (there.length === 0) return found;
    const late = answersByUid(there, await this.fetchRows(doing, there, query), value);
    const unreadable = await this.stillThere(doing, missingIn(there, late));
    if (unreadable.length > 0) throw this.finish(unreadableAnswer(this.place, doing, unreadable));
    return [...found, ...late].sort((a, b) => a.uid - b.uid);
  }

  private async stillThere(doing: string, uids: readonly number[]): Promise<number[]> {
    if (uids.length === 0) return [];
    // NOOP lets the server take news of other sessions into its view of this one (RFC 3501 section 7.4.1).
    await this.proveAlive(doing);
    const there: number[] = [];
    for (const set of uidSets(uids)) {
      there.push(...(await this.searchUids(set)).filter((uid) => uids.includes(uid)));
    }
    return there;
  }

  private async fetchRows(
    doing: string,
    uids: readonly number[],
    query: FetchQueryObject,
  ): Promise<FetchMessageObject[]> {
    this.requireAlive(doing);
    const rows: FetchMessageObject[] = [];
    for (const set of uidSets(uids)) {
      rows.push(...(await this.ask(doing, () => this.client.fetchAll(set, query, { uid: true }))));
    }
    return rows;
  }

  private async ask<Answer>(doing: string, command: () => Promise<Answer>): Promise<Answer> {
    this.requireAlive(doing);
    this.heard.forget();
    const askedAt = performance.now();
    let answer: Answer;
    try {
      answer = await command();
    } catch (error) {
      throw this.finish(toFailure(this.heard.best(error), this.place, doing));
    }
    this.answeredSince(askedAt);
    this.requireAlive(doing);
    return answer;
  }

  private requireAlive(doing: string): void {
    if (this.failure !== null) throw this.failure;
    const { client } = this;
    const isSelected = client.state === client.states.SELECTED;
    if (client.usable && client.mailbox !== false && isSelected) return;
    const why = client.byeReason ?? this.heard.best(null) ?? 'the server closed it without a word';
    throw this.finish(
      BUSY.test(describe(why))
        ? toFailure(new Error(String(why)), this.place, doing)
        : connectionLost(this.place, doing, describe(why)),
    );
  }

  private finish(failure: Failure): Failure {
    const isEnded = hasTokenEnded(failure, this.place, fromMs(Date.now()));
    this.failure ??= isEnded ? tokenEnded(this.place) : failure;
    this.client.close();
    return this.failure;
  }

  private answeredSince(askedAt: number): void {
    this.quickestMs = Math.min(this.quickestMs, performance.now() - askedAt);
  }

  /** Dovecot tells a session in IDLE of new mail half a second late. A busy moment moves no server away. */
  private asksOften(): boolean {
    return performance.now() < this.flowsUntil && this.quickestMs < this.timings.nearbyMs;
  }

  /** Sits in IDLE until something is announced, the connection ends, or the time is up. */
  private idle(forMs: number, signal: AbortSignal): Promise<void> {
    const resting = this.rest(forMs, signal);
    // Left running on return: the next command ends it with DONE. Its own end is no news: a server may refuse IDLE.
    this.client.idle().catch(ignore);
    return resting;
  }

  private async rest(forMs: number, signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const wake = () => this.wake();
    try {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(wake, forMs);
        signal.addEventListener('abort', wake, { once: true });
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      this.wake = () => {};
    }
  }

  /** A peer that vanished keeps its TCP connection here: only an answer proves that somebody is there. */
  private async proveAlive(doing: string): Promise<void> {
    this.heard.forget();
    const askedAt = performance.now();
    const proof = this.client.noop().catch(ignore);
    if (!(await withDeadline(proof, this.timings.proofMs))) {
      throw this.finish(
        connectionLost(this.place, doing, `no answer to NOOP within ${this.timings.proofMs} ms`),
      );
    }
    this.answeredSince(askedAt);
    this.requireAlive(doing);
  }
}

const fetchedMail = (uid: number, raw: unknown): FetchedMail | undefined =>
  raw instanceof Uint8Array ? { uid, raw } : undefined;

const ignore = (): void => {};

const describe = (why: unknown): string => (why instanceof Error ? why.message : String(why));

function currentUidValidity(client: ImapFlow): string {
  const value = client.mailbox === false ? undefined : client.mailbox.uidValidity;
  if (value === undefined) {
    throw new Failure(
      'temporary',
      'imap-refused',
      'The server opened the folder without naming its UIDVALIDITY.',
    );
  }
  return value.toString();
}

/** Whether `work` was done in time. */
async function withDeadline(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
