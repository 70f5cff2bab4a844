/**
 * Has an inbox send a mail to itself at an address with a mark, and waits until it is seen in the mailbox: the way that
 * every answer of a member takes. It carries the Message-ID of a canary, so that it never becomes a request.
 */
import { domainOf, withTag } from '../../domain/address.ts';
import { canaryId } from '../../domain/canary.ts';
import type { RoundTrip } from '../../domain/doctor/round-trip.ts';
import type { InboxId } from '../../domain/ids.ts';
import { type Duration, type Instant, MILLISECOND, SECOND, toMs } from '../../domain/instant.ts';
import type { Clock } from '../ports/clock.ts';
import type { MailComposer } from '../ports/mail-composer.ts';
import type { MailSender } from '../ports/mail-sender.ts';
import type { MailboxReader, MailboxSession } from '../ports/mailbox-reader.ts';

export type RoundTripDeps = {
  readonly reader: MailboxReader;
  readonly sender: MailSender;
  readonly composer: MailComposer;
  readonly clock: Clock;
  readonly secret: string;
};

export type Traveller = {
  readonly id: InboxId;
  readonly address: string;
  readonly name: string;
  readonly folder: string;
  readonly sent: readonly string[];
};

/** What came back, with its header for whoever looks at the signatures. */
export type Travelled = {
  readonly trip: RoundTrip;
  readonly header: Uint8Array | null;
  /** When the server says that it came. */
  readonly arrivedAt: Instant | null;
};

export const ROUND_TRIP_WAIT: Duration = 60 * SECOND;

export async function travel(
  deps: RoundTripDeps,
  inbox: Traveller,
  wait: Duration,
  signal: AbortSignal,
): Promise<Travelled> {
  const { address, folder } = inbox;
  const begun = deps.clock.now();
  const messageId = canaryId(deps.secret, inbox.id, toMs(begun), domainOf(address));
  const session = await deps.reader.open(folder, signal);
  try {
    const before = (await lastUid(session)) ?? 0;
    const refused = await send(deps, inbox, messageId);
    if (refused !== null) return { trip: { type: 'refused', said: refused }, header: null, arrivedAt: null };
    const found = await awaitMail(session, before, isMessage(messageId), {
      until: begun + wait,
      ...deps,
      signal,
    });
    if (found === null) {
      const junk = await session.countJunk(null, begun).catch(() => null);
      const where = junk !== null && junk.count > 0 ? junk.folder : null;
      return {
        trip: { type: 'lost', waited: deps.clock.now() - begun, junk: where },
        header: null,
        arrivedAt: null,
      };
    }
    const took = Math.max(0, deps.clock.now() - begun);
    const sentCopy = await sentCopyIn(deps, inbox, messageId, signal);
    return { trip: { type: 'arrived', took, sentCopy }, header: found.raw, arrivedAt: found.at };
  } finally {
    await session.close();
  }
}

async function send(deps: RoundTripDeps, inbox: Traveller, messageId: string): Promise<string | null> {
  const { address, name } = inbox;
  const to = withTag(address, 'baton-check');
  const raw = await deps.composer.compose({
    from: { name, address },
    to: { name, address: to },
    replyTo: null,
    subject: 'Baton tries the way there and back',
    messageId,
    inReplyTo: null,
    references: [],
    date: deps.clock.now(),
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: `${address} sent this to itself, to see whether mail to ${to} arrives. It becomes no request, and may be deleted.\r\n`,
    html: null,
  });
  const outcome = await deps.sender.send({ envelopeFrom: address, envelopeTo: to, raw });
  return outcome.type === 'accepted' ? null : outcome.response;
}

/** Of a large mailbox the server tells the next UID; one that does not is listed. */
async function lastUid(session: MailboxSession): Promise<number | null> {
  if (session.uidNext !== null) return session.uidNext - 1;
  return (await session.listUids()).at(-1)?.last ?? null;
}

type Awaiting = { readonly until: Instant; readonly clock: Clock; readonly signal: AbortSignal };
export type Arrived = { readonly uid: number; readonly raw: Uint8Array; readonly at: Instant };

const LIST_MAX = 50;
const NEWS_WAIT: Duration = 3 * SECOND;

/** The first new mail above `before` whose header is wanted; null: none came in time. */
async function awaitMail(
  session: MailboxSession,
  before: number,
  wanted: (header: Uint8Array) => boolean,
  { until, clock, signal }: Awaiting,
): Promise<Arrived | null> {
  let after = before;
  for (;;) {
    for (const { uid, internalDate } of await session.listAfter(after, LIST_MAX)) {
      after = uid;
      const header = await session.fetchHeaders(uid);
      if (header !== null && wanted(header.raw)) return { uid, raw: header.raw, at: internalDate };
    }
    const left = until - clock.now();
    if (left <= 0 || signal.aborted) return null;
    await session.waitForNews(Math.max(1, Math.min(left, NEWS_WAIT) / MILLISECOND), signal);
  }
}

const textOf = (raw: Uint8Array): string => new TextDecoder().decode(raw);

const isMessage =
  (messageId: string) =>
  (header: Uint8Array): boolean =>
    textOf(header).includes(`<${messageId}>`);

/** In which folder of sent mail the server keeps by itself what went out by SMTP; null: in none. */
async function sentCopyIn(
  { reader }: RoundTripDeps,
  { sent }: Traveller,
  messageId: string,
  signal: AbortSignal,
): Promise<string | null> {
  for (const folder of sent) {
    const session = await reader.open(folder, signal).catch(() => null);
    if (session === null) continue;
    try {
      const last = (await lastUid(session)) ?? 0;
      const found = await awaitMail(
        session,
        Math.max(0, last - LATEST),
        isMessage(messageId),
        ONE_LOOK(signal),
      );
      if (found !== null) return folder;
    } finally {
      await session.close();
    }
  }
  return null;
}

/** Nobody else sends more from a shared mailbox meanwhile. */
const LATEST = 5;
const ONE_LOOK = (signal: AbortSignal): Awaiting => ({ until: 0, clock: { now: () => 0 }, signal });

/** The whole of the next mail whose header is wanted; null: none came in time. */
export async function awaitWhole(
  { reader, clock }: Pick<RoundTripDeps, 'reader' | 'clock'>,
  folder: string,
  wanted: (header: Uint8Array) => boolean,
  wait: Duration,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const session = await reader.open(folder, signal);
  try {
    const before = (await lastUid(session)) ?? 0;
    const awaiting = { until: clock.now() + wait, clock, signal };
    const found = await awaitMail(session, before, wanted, awaiting);
    return found === null ? null : ((await session.fetch([found.uid]))[0]?.raw ?? null);
  } finally {
    await session.close();
  }
}
