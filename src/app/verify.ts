/**
 * Checks the promises against what there is to see from outside: the database, the mailboxes on their server, and
 * the mails that a sink received. Reads only. Meant for a Baton at rest: what is on its way counts as a violation.
 */
import { isDeepStrictEqual } from 'node:util';
import { fold } from '../domain/conversation/evolve.ts';
import { nextDueAt } from '../domain/conversation/running-clocks.ts';
import { unreachedSince } from '../domain/conversation/state.ts';
import { isOpen, fold as parkedOf } from '../domain/parked/parked.ts';
import type {
  Audit,
  AuditCounts,
  AuditedConversation,
  AuditedMailbox,
  AuditedParked,
  Violation,
} from './ports/audit.ts';
import type { MailboxReader } from './ports/mailbox-reader.ts';
import { checkSink, type SinkMail } from './verify-sink.ts';

export type Report = {
  readonly ok: boolean;
  readonly violations: readonly Violation[];
  readonly counts: AuditCounts;
};

export type VerifyOptions = {
  readonly audit: Audit;
  /** null: that inbox is no longer configured, and its mailbox cannot be looked at. */
  readonly readerOf: (mailbox: AuditedMailbox) => MailboxReader | null;
  /** null: no sink was given. */
  readonly sink: readonly SinkMail[] | null;
  readonly signal: AbortSignal;
};

const LIST_MAX = 1_000;

export async function verify(options: VerifyOptions): Promise<Report> {
  const { audit, sink } = options;
  const violations = [
    ...(await checkMailboxes(options)),
    ...(await audit.check()),
    ...(sink === null ? [] : checkSink(await audit.attemptedNotices(), sink)),
    ...(await checkReplay(audit)),
    ...(await checkParked(audit)),
  ];
  return { ok: violations.length === 0, violations, counts: await audit.counts() };
}

/** I1: every mail that the server holds has a row. */
async function checkMailboxes({ audit, readerOf, signal }: VerifyOptions): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const mailbox of await audit.mailboxes()) {
    const reader = readerOf(mailbox);
    if (reader === null) continue;
    const session = await reader.open(mailbox.folder, signal);
    try {
      const known = await audit.knownUids(mailbox.id, session.uidValidity);
      const missing: number[] = [];
      for (let after = 0; ; ) {
        const listed = await session.listAfter(after, LIST_MAX);
        missing.push(...listed.map(({ uid }) => uid).filter((uid) => !known.has(uid)));
        const last = listed.at(-1);
        if (last === undefined) break;
        after = last.uid;
      }
      if (missing.length > 0) {
        const what = `mails on the server that were never taken in (UIDs in ${mailbox.inboxId}/${mailbox.folder})`;
        violations.push({ invariant: 'I1', what, ids: missing });
      }
    } finally {
      await session.close();
    }
  }
  return violations;
}

/** I10: the state is what its events make of it, and the plain columns say the same. */
async function checkReplay(audit: Audit): Promise<Violation[]> {
  const wrong: number[] = [];
  for await (const portion of audit.conversations()) {
    for (const conversation of portion) if (!isReplayed(conversation)) wrong.push(conversation.id);
  }
  if (wrong.length === 0) return [];
  return [
    { invariant: 'I10', what: 'conversations whose state is not what their events make of it', ids: wrong },
  ];
}

function isReplayed({ snapshot, events, columns }: AuditedConversation): boolean {
  try {
    const state = fold(events);
    return (
      isDeepStrictEqual(state, snapshot) &&
      isDeepStrictEqual(columns, {
        phase: state.phase,
        ownerId: state.owner,
        offeredTo: state.offer?.to ?? null,
        version: state.version,
        epoch: state.epoch,
        dueAt: nextDueAt(state),
        openOffer: state.offer?.seq ?? null,
        accountable: state.accountable,
        unreachedSince: unreachedSince(state),
        vouchedAt: state.vouched?.at ?? null,
      })
    );
  } catch {
    // A history that cannot be folded is just what this looks for.
    return false;
  }
}

/** I10: so is what stands of mail that could not be read. */
async function checkParked(audit: Audit): Promise<Violation[]> {
  const ids = (await audit.parked()).filter((one) => !isParkedReplayed(one)).map(({ id }) => id);
  if (ids.length === 0) return [];
  const what = 'mails that could not be read, whose state is not what their events make of it';
  return [{ invariant: 'I10', what, ids }];
}

function isParkedReplayed({ id, events, columns }: AuditedParked): boolean {
  try {
    const state = parkedOf(id, events);
    const accountable = isOpen(state) ? state.accountable : null;
    return isDeepStrictEqual(columns, { version: state?.version, accountable, dueAt: state?.due });
  } catch {
    return false;
  }
}
