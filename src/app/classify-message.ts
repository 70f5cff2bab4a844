/**
 * Reads stored messages, decides what each one is and commits it, then rings for whoever acts next.
 *
 * A message is read outside of any lock, in a parser that may be killed, and settled inside one transaction per
 * batch. Each try is counted before it begins, so that a mail which takes its reader down is parked and not tried
 * for ever; if a batch fails, its messages are tried one by one, so that one of them harms no other.
 */
import type { InboxId, MessageId } from '../domain/ids.ts';
import { checkSenders } from './check-senders.ts';
import type { Deps } from './deps.ts';
import { togetherOrOneByOne } from './one-by-one.ts';
import { parkMessage } from './park-message.ts';
import type { ParseResult } from './ports/mail-parser.ts';
import type { Bell } from './ports/queue.ts';
import type { StoredMessage } from './ports/store.ts';
import { addressedInboxes, type Reading, readMail } from './reading.ts';
import { openBatch } from './settle-batch.ts';
import { settleMessage } from './settle-message.ts';

export type ClassifyDeps = Pick<
  Deps,
  | 'store'
  | 'queue'
  | 'parser'
  | 'senderCheck'
  | 'policy'
  | 'model'
  | 'secret'
  | 'limits'
  | 'log'
  | 'newTextId'
  | 'clock'
>;

export type Work = { readonly message: StoredMessage; readonly read: Read };
export type Read =
  | { readonly ok: true; readonly reading: Reading }
  /** Cannot be taken in as a mail; its header may have been readable all the same. */
  | { readonly ok: false; readonly code: string; readonly why: string; readonly reading: Reading | null };

export async function classifyMessages(deps: ClassifyDeps, ids: readonly MessageId[]): Promise<void> {
  const messages = await deps.store.beginClassify(ids);
  if (messages.length === 0) return;
  const work = await checkSenders(deps, await readAll(deps, messages));
  await togetherOrOneByOne(
    work,
    (some) => settle(deps, some),
    (error) => deps.log.warn({ step: 'classify', messages: ids, error: String(error) }, 'a batch failed'),
  );
}

async function readAll(deps: ClassifyDeps, messages: readonly StoredMessage[]): Promise<Work[]> {
  const { triesMax } = deps.limits;
  const readable = messages.filter(({ tries }) => tries <= triesMax);
  const parsed = await deps.parser.parse(readable.map(({ raw }) => raw));
  const results = new Map(readable.map(({ id }, index) => [id, parsed[index]]));
  return messages.map((message) => ({ message, read: toRead(deps, message, results.get(message.id)) }));
}

function toRead(
  deps: ClassifyDeps,
  { inboxId, whole, notGiven, raw, size }: StoredMessage,
  result: ParseResult | undefined,
): Read {
  if (result === undefined) {
    const why = `reading it failed ${deps.limits.triesMax} times`;
    return { ok: false, code: 'reader-died', why, reading: null };
  }
  if (notGiven !== null) {
    const header = result.ok ? result.mail : result.header;
    const reading = raw.byteLength === 0 || header === null ? null : readMail(header, deps.policy(), inboxId);
    return { ok: false, code: 'not-given', why: notGiven, reading };
  }
  if (!result.ok) {
    // Whoever looks at it is told from whom it is and what about; nothing more happens by a header alone, since what
    // the mail says, and whether a machine sent it, stands in what could not be read.
    const { code, why, header } = result;
    return { ok: false, code, why, reading: header && readMail(header, deps.policy(), inboxId) };
  }
  const reading = readMail(result.mail, deps.policy(), inboxId);
  if (whole) return { ok: true, reading };
  const why = `it has ${Math.ceil(size / 1_048_576)} MB; only its header was taken in`;
  return { ok: false, code: 'too-large', why, reading };
}

async function settle(deps: ClassifyDeps, work: readonly Work[]): Promise<void> {
  const bells = new Map<Bell, number[]>();
  const ring = (bell: Bell, ids: readonly number[]) => bells.set(bell, [...(bells.get(bell) ?? []), ...ids]);
  await deps.store.transact(locksOf(deps, work), async (tx) => {
    const open = await tx.lockMessages(
      work.map(({ message }) => message.id),
      'stored',
    );
    // Another worker was quicker where one is missing: a doorbell may ring twice.
    const left = work.filter(({ message }) => open.has(message.id));
    const items = left.map(({ message, read }) => ({
      message,
      reading: read.ok ? read.reading : null,
      read,
    }));
    const batch = await openBatch(tx, items);
    for (const item of items) {
      const on = await batch.settleOn(item);
      if (item.read.ok) await settleMessage(deps, on, item.message, item.read.reading, ring);
      else ring('deliver', await parkMessage(deps, on, item.message, item.read));
    }
    await batch.finish();
  });
  for (const [bell, ids] of bells) await deps.queue.ring(bell, ids);
}

function locksOf(deps: ClassifyDeps, work: readonly Work[]): InboxId[] {
  const inboxes = work.flatMap(({ message, read }) =>
    read.ok ? addressedInboxes(read.reading.mail, deps.policy(), message.inboxId) : [message.inboxId],
  );
  return [...new Set(inboxes)];
}
