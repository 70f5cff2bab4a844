/** What every MailboxReader keeps, whatever is behind it. Another server joins by handing in its world. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../src/app/failures.ts';
import type { MailboxReader, MailboxSession } from '../../src/app/ports/mailbox-reader.ts';
import { fromIso, fromMs, type Instant } from '../../src/domain/instant.ts';

export type MailboxWorld = {
  readonly reader: MailboxReader;
  /** Answers the UID. */
  append(folder: string, raw: Uint8Array, internalDate: Instant): Promise<number> | number;
  expunge(folder: string, uid: number): Promise<void> | void;
  changeUidValidity(folder: string): Promise<void> | void;
  dropConnections(): Promise<void> | void;
  /** Flags per UID, where the world can tell. */
  flags?(
    folder: string,
  ): Promise<ReadonlyMap<number, readonly string[]>> | ReadonlyMap<number, readonly string[]>;
  close(): Promise<void>;
};

const AT = fromIso('2026-01-05T07:08:09Z');
const live = () => new AbortController().signal;
const mail = (subject: string) =>
  Buffer.from(`Subject: ${subject}\r\nFrom: a@acme.example\r\n\r\nHello ${subject}\r\n`);
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Failure)) throw new Error(`expected a Failure, got ${String(thrown)}`);
  return thrown;
};

/** The world starts with the empty folders INBOX and Sent. */
export function describeMailboxReader(name: string, make: () => Promise<MailboxWorld>): void {
  describe(`MailboxReader: ${name}`, () => {
    let world: MailboxWorld;
    let session: MailboxSession;

    beforeEach(async () => {
      world = await make();
      session = await world.reader.open('INBOX', live());
    });
    afterEach(async () => {
      await session.close();
      await world.close();
    });

    listing(
      () => world,
      () => session,
    );
    reading(
      () => world,
      () => session,
    );
    waiting(
      () => world,
      () => session,
    );
    failing(
      () => world,
      () => session,
    );
  });
}

type Get<Value> = () => Value;

function listing(world: Get<MailboxWorld>, session: Get<MailboxSession>): void {
  test('an empty folder lists nothing', async () => {
    expect(await session().listAfter(0, 10)).toEqual([]);
  });

  test('mails are listed ascending with UID, size in bytes and the date of their arrival', async () => {
    const first = await world().append('INBOX', mail('one'), AT);
    const second = await world().append('INBOX', mail('three'), fromIso('2026-01-05T07:08:10Z'));
    expect(await session().listAfter(0, 10)).toEqual([
      { uid: first, size: mail('one').length, internalDate: AT },
      { uid: second, size: mail('three').length, internalDate: fromIso('2026-01-05T07:08:10Z') },
    ]);
  });

  test('a mail at the given UID is not listed again, though N:* names the last one', async () => {
    const uid = await world().append('INBOX', mail('one'), AT);
    expect(await session().listAfter(uid, 10)).toEqual([]);
    expect(await session().listAfter(uid + 5, 10)).toEqual([]);
  });

  test('a limit cuts the list, and the next call goes on behind it', async () => {
    const uids: number[] = [];
    for (const subject of ['a', 'b', 'c', 'd', 'e'])
      uids.push(await world().append('INBOX', mail(subject), AT));
    const first = await session().listAfter(0, 2);
    const second = await session().listAfter(first.at(-1)?.uid ?? 0, 2);
    const third = await session().listAfter(second.at(-1)?.uid ?? 0, 2);
    expect([...first, ...second, ...third].map((listed) => listed.uid)).toEqual(uids);
    expect((await session().listAfter(0, 2)).map((listed) => listed.uid)).toEqual(uids.slice(0, 2));
  });

  test('the UID that the next mail will have is told as of the last question', async () => {
    const first = await world().append('INBOX', mail('one'), AT);
    const last = await world().append('INBOX', mail('two'), AT);
    await session().listAfter(0, 10);
    expect(session().uidNext).toBe(last + 1);
    await world().expunge('INBOX', last);
    await session().listAfter(first, 10);
    expect(session().uidNext).toBe(last + 1);
  });

  test('mail that came since the last question is listed', async () => {
    await session().listAfter(0, 10);
    const uid = await world().append('INBOX', mail('late'), AT);
    expect((await session().listAfter(0, 10)).map((listed) => listed.uid)).toEqual([uid]);
  });

  test('mail that came while a long list was worked through is listed as well', async () => {
    for (const subject of ['a', 'b', 'c']) await world().append('INBOX', mail(subject), AT);
    const first = await session().listAfter(0, 2);
    await world().append('INBOX', mail('d'), AT);
    expect(await session().listAfter(first.at(-1)?.uid ?? 0, 10)).toHaveLength(2);
  });

  test('an expunged mail is not listed, and those behind it still are', async () => {
    const uids: number[] = [];
    for (const subject of ['a', 'b', 'c', 'd']) uids.push(await world().append('INBOX', mail(subject), AT));
    await session().listAfter(0, 1);
    await world().expunge('INBOX', uids[1] ?? 0);
    await world().expunge('INBOX', uids[2] ?? 0);
    expect((await session().listAfter(uids[0] ?? 0, 1)).map((listed) => listed.uid)).toEqual([uids[3]]);
  });

  test('all UIDs of a folder are told, also those that were listed before, and none that is gone', async () => {
    expect(await session().listUids()).toEqual([]);
    const uids: number[] = [];
    for (const subject of ['a', 'b', 'c', 'd', 'e'])
      uids.push(await world().append('INBOX', mail(subject), AT));
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = uids;
    await session().listAfter(0, 2);
    expect(await session().listUids()).toEqual([{ first: a, last: e }]);
    await world().expunge('INBOX', c);
    expect(await session().listUids()).toEqual([
      { first: a, last: b },
      { first: d, last: e },
    ]);
  });

  test('mails named by UID are described as they are listed, those that are gone left out', async () => {
    const first = await world().append('INBOX', mail('one'), AT);
    const gone = await world().append('INBOX', mail('two'), AT);
    await world().append('INBOX', mail('three'), AT);
    await world().expunge('INBOX', gone);
    expect(await session().describe([gone, first])).toEqual([
      { uid: first, size: mail('one').length, internalDate: AT },
    ]);
  });

  test('spam that came since an instant is counted where it lies, and the inbox is read on', async () => {
    expect(await session().countJunk('No such folder', AT)).toBeNull();
    const day = 24 * 3_600 * 1_000_000;
    for (const at of [AT - 40 * day, AT - 1_000_000, AT, AT + 1_000_000, AT + 40 * day])
      await world().append('Sent', mail('spam'), at);
    expect(await session().countJunk('Sent', AT)).toEqual({ folder: 'Sent', count: 3 });
    // From now on: on the first day of a Baton no day lies wholly behind that instant.
    expect(await session().countJunk('Sent', fromMs(Date.now()))).toEqual({ folder: 'Sent', count: 0 });
    const uid = await world().append('INBOX', mail('new'), AT);
    await session().waitForNews(25_000, live());
    expect((await session().listAfter(0, 10)).map((listed) => listed.uid)).toEqual([uid]);
  });

  test('each folder has its own mail', async () => {
    const uid = await world().append('Sent', mail('answer'), AT);
    const sent = await world().reader.open('Sent', live());
    expect((await sent.listAfter(0, 10)).map((listed) => listed.uid)).toEqual([uid]);
    expect(await session().listAfter(0, 10)).toEqual([]);
    await sent.close();
  });
}

function reading(world: Get<MailboxWorld>, session: Get<MailboxSession>): void {
  test('every byte of a mail arrives as it is on the server', async () => {
    const bytes = Buffer.from(
      Array.from({ length: 255 }, (_, at) => at + 1).filter((byte) => byte !== 13 && byte !== 10),
    );
    const raw = Buffer.concat([Buffer.from('Subject: bytes\r\n\r\n'), bytes, Buffer.from('\r\n')]);
    const uid = await world().append('INBOX', raw, AT);
    const [fetched] = await session().fetch([uid]);
    expect(Buffer.from(fetched?.raw ?? [])).toEqual(raw);
  });

  test('several mails come ascending, whatever order was asked for', async () => {
    const a = await world().append('INBOX', mail('a'), AT);
    await world().append('INBOX', mail('b'), AT);
    const c = await world().append('INBOX', mail('c'), AT);
    const fetched = await session().fetch([c, a]);
    expect(fetched.map(({ uid, raw }) => [uid, Buffer.from(raw)])).toEqual([
      [a, mail('a')],
      [c, mail('c')],
    ]);
  });

  test('an expunged mail is absent from the answer, and its headers are null', async () => {
    const gone = await world().append('INBOX', mail('gone'), AT);
    const kept = await world().append('INBOX', mail('kept'), AT);
    await session().listAfter(0, 10);
    await world().expunge('INBOX', gone);
    expect((await session().fetch([gone, kept])).map(({ uid }) => uid)).toEqual([kept]);
    expect(await session().fetchHeaders(gone)).toBeNull();
  });

  test('nothing asked is nothing answered', async () => {
    await world().append('INBOX', mail('a'), AT);
    expect(await session().fetch([])).toEqual([]);
  });

  test('the headers come without the body', async () => {
    const uid = await world().append('INBOX', mail('large'), AT);
    const headers = await session().fetchHeaders(uid);
    expect(Buffer.from(headers?.raw ?? []).toString()).toBe('Subject: large\r\nFrom: a@acme.example\r\n\r\n');
  });

  test('reading sets no flag', async ({ skip }) => {
    const uid = await world().append('INBOX', mail('untouched'), AT);
    await session().listAfter(0, 10);
    await session().fetch([uid]);
    await session().fetchHeaders(uid);
    const flags = await world().flags?.('INBOX');
    if (flags === undefined) return skip('this world keeps no flags');
    expect((flags.get(uid) ?? ['missing']).filter((flag) => flag !== '\\Recent')).toEqual([]);
  });
}

function waiting(world: Get<MailboxWorld>, session: Get<MailboxSession>): void {
  test('arriving mail ends the wait', async () => {
    await session().listAfter(0, 10);
    const wait = session().waitForNews(25_000, live());
    const uid = await world().append('INBOX', mail('new'), AT);
    await wait;
    expect((await session().listAfter(0, 10)).map((listed) => listed.uid)).toEqual([uid]);
  });

  test('a second wait after the first mail hears of the second', async () => {
    for (const subject of ['first', 'second']) {
      const wait = session().waitForNews(25_000, live());
      const uid = await world().append('INBOX', mail(subject), AT);
      await wait;
      expect((await session().listAfter(0, 10)).at(-1)?.uid).toBe(uid);
    }
  });

  test('the wait ends without news when its time is up', async () => {
    await session().waitForNews(20, live());
    expect(await session().listAfter(0, 10)).toEqual([]);
  });

  test('the wait ends when it is called off, and the session can still be used', async () => {
    const uid = await world().append('INBOX', mail('there'), AT);
    await session().listAfter(0, 10);
    const stop = new AbortController();
    const wait = session().waitForNews(25_000, stop.signal);
    stop.abort();
    await wait;
    expect(await session().fetch([uid])).toHaveLength(1);
  });

  test('a wait that was called off before it began ends at once', async () => {
    await session().waitForNews(25_000, AbortSignal.abort());
  });
}

function failing(world: Get<MailboxWorld>, session: Get<MailboxSession>): void {
  test('a dead session throws a temporary failure instead of saying that there is no mail', async () => {
    await session().listAfter(0, 10);
    const waited = failureOf(session().waitForNews(25_000, live()));
    await world().dropConnections();
    expect((await waited).kind).toBe('temporary');
    expect((await failureOf(session().listAfter(0, 10))).kind).toBe('temporary');
    expect((await failureOf(session().fetch([1]))).kind).toBe('temporary');
    expect((await failureOf(session().fetchHeaders(1))).kind).toBe('temporary');
    expect((await failureOf(session().waitForNews(25_000, live()))).kind).toBe('temporary');
  });

  test('a closed session refuses every further call', async () => {
    await session().close();
    expect((await failureOf(session().listAfter(0, 10))).kind).toBe('temporary');
    expect((await failureOf(session().fetch([1]))).kind).toBe('temporary');
  });

  test('a fresh session works after one that died', async () => {
    const uid = await world().append('INBOX', mail('still here'), AT);
    await world().dropConnections();
    const fresh = await world().reader.open('INBOX', live());
    expect((await fresh.listAfter(0, 10)).map((listed) => listed.uid)).toEqual([uid]);
    await fresh.close();
  });

  test('a folder that does not exist is a permanent failure which names those that do', async () => {
    const failure = await failureOf(world().reader.open('Inbx', live()));
    expect([failure.kind, failure.code]).toEqual(['permanent', 'imap-no-such-folder']);
    expect(failure.message).toContain('Inbx');
    expect(failure.message).toContain('Sent');
  });

  test('UIDVALIDITY is a decimal string, and a change within the session ends it', async () => {
    await world().append('INBOX', mail('kept'), AT);
    expect(session().uidValidity).toMatch(/^[1-9]\d*$/);
    await session().listAfter(0, 10);
    await world().changeUidValidity('INBOX');
    expect((await failureOf(session().listAfter(1, 10))).kind).toBe('temporary');
    expect((await failureOf(session().fetch([1]))).kind).toBe('temporary');
    const fresh = await world().reader.open('INBOX', live());
    expect(fresh.uidValidity).not.toBe(session().uidValidity);
    expect(await fresh.listAfter(0, 10)).toHaveLength(1);
    await fresh.close();
  });

  test('opening that is called off throws a temporary failure', async () => {
    expect((await failureOf(world().reader.open('INBOX', AbortSignal.abort()))).kind).toBe('temporary');
  });
}
