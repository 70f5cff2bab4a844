/**
 * What `baton status` answers: who has what, what waits, and whether mail is read. The database is asked for nearly
 * all of it; only how much mail lies beyond the cursor is the mail server's to say, and when it cannot be asked the
 * rest is told all the same.
 */
import type { InboxId, MemberId } from '../domain/ids.ts';
import { type Instant, toDate, toMs } from '../domain/instant.ts';
import type { Lowered } from '../domain/learning/drift.ts';
import { countIn, upTo } from '../domain/uid-ranges.ts';
import { Failure } from './failures.ts';
import type { TokenRow } from './ports/access-tokens.ts';
import type { Canaries, CanaryRound } from './ports/canaries.ts';
import type { Learning, LearningStanding } from './ports/learning.ts';
import type { Comparison } from './ports/mailbox-notes.ts';
import type { JunkCount, MailboxReader } from './ports/mailbox-reader.ts';
import type { Models } from './ports/models.ts';
import type { OpenOutage, Outages, Watched } from './ports/outages.ts';
import type { FolderRow, MemberLoad, Overview, OverviewRows, RequestCounts } from './ports/overview.ts';

export type Status = {
  readonly inboxes: readonly InboxStatus[];
  readonly members: readonly MemberLoad[];
  readonly outbox: Omit<OverviewRows['outbox'], 'waiting'>;
  readonly pages: OverviewRows['pages'];
  readonly parked: number;
  /** When the mail came in that has waited longest for a look, ISO 8601; null: none waits. */
  readonly parkedSince: string | null;
  /** What keeps mail from coming in or going out, longest first. */
  readonly outages: readonly OutageStatus[];
  /** What was learned, and what keeps it from choosing or from learning anew; null: nothing was ever tried. */
  readonly learned: LearnedStatus | null;
};

export type LearnedStatus = {
  /** Which is in use; null: none is. */
  readonly model: number | null;
  /** When it last was to learn anew and could not; null: it could. */
  readonly failedAt: string | null;
  /** `categories` null: it makes none. */
  readonly lowered: (Omit<Lowered, 'since'> & { readonly since: string }) | null;
};

/** A date is ISO 8601 in UTC, as in everything that Baton answers in JSON. */
export type OutageStatus = {
  readonly kind: OpenOutage['kind'];
  readonly inbox: string;
  /** null: it was found just now, before anything had to be sent. */
  readonly since: string | null;
  readonly code: string | null;
  /** The host and port that it is about, where that is known. */
  readonly server: string | null;
  /** How many mails of this inbox wait to go out. */
  readonly waiting: number;
};

export type InboxStatus = RequestCounts & {
  readonly address: string;
  readonly mailbox: {
    readonly connected: boolean;
    readonly lastUid: number;
    /** Mails on the server that were not taken in yet; null: the server could not be asked. */
    readonly behind: number | null;
    /** How it compared with its server: `missing` mails have no row, `repaired` were found and taken in, `gone` removed. */
    readonly reconciled: (Comparison & { readonly at: string }) | null;
    /** Mails in the spam folder that came since mail is taken up. */
    readonly junk: JunkCount | null;
  };
  /** How it is logged in to where no password does: when that was last renewed, when it ends, and why it fails. */
  readonly signIn?: {
    readonly renewedAt: string | null;
    readonly endsAt: string | null;
    readonly code: string | null;
  };
  /** The last mail that it sent to itself and got back. */
  readonly canary: { readonly sentAt: string; readonly tookMs: number } | null;
};

export type StatusOptions = {
  readonly overview: Overview;
  readonly outages: Pick<Outages, 'look' | 'open'>;
  readonly watched: Watched;
  readonly canaries: Pick<Canaries, 'last'>;
  readonly models: Pick<Models, 'inUse'>;
  readonly learning: Pick<Learning, 'standing'>;
  /** Every configured inbox, with the folder that new mail arrives in and the others that are watched. */
  readonly inboxes: readonly {
    readonly id: InboxId;
    readonly address: string;
    readonly folder: string;
    readonly others: readonly string[];
    readonly reader: MailboxReader;
    /** Logs in where mail is sent, and sends nothing: what keeps it from going out; null where nothing does. */
    readonly trySending: () => Promise<{ readonly code: string } | null>;
    /** Host and port of what is read and of what sends; null: not set in this environment. */
    readonly servers: { readonly imap: string | null; readonly smtp: string | null };
    /** Where it is logged in to with tokens. */
    readonly signIn?: () => Promise<TokenRow | null>;
  }[];
  readonly members: readonly MemberId[];
  /** Ends the questions to the mail servers. */
  readonly signal: AbortSignal;
};

const NO_REQUESTS: RequestCounts = { open: 0, unaccepted: 0, overdue: 0 };

/** `remarks`: what the figures leave out, in words. */
export async function readStatus(options: StatusOptions): Promise<{ status: Status; remarks: string[] }> {
  const { overview, canaries, models, learning, inboxes, members, signal } = options;
  const rows = await overview.read();
  const rounds = await canaries.last();
  const remarks: string[] = [];
  const asked = Promise.all(
    inboxes.map(async ({ id, address, folder, others, reader, signIn }): Promise<InboxStatus> => {
      const rowOf = (name: string) => rows.folders.find((row) => row.inboxId === id && row.folder === name);
      const row = rowOf(folder);
      remarks.push(
        ...others
          .filter((name) => rowOf(name)?.connected !== true)
          .map((name) => `${address}: the folder ${name} is not being read.`),
      );
      const behind = await countBehind(reader, folder, row, signal).catch((error: unknown) => {
        const why = error instanceof Failure ? error.message : String(error);
        remarks.push(`${address}: how much mail waits there is not known. ${why}`);
        return null;
      });
      const canary = roundOf(rounds.find(({ inboxId }) => inboxId === id));
      // After the mailbox was opened, which may have renewed it.
      const signedIn = signIn === undefined ? {} : { signIn: signInOf(await signIn()) };
      return {
        address,
        mailbox: mailboxOf(row, behind),
        canary,
        ...signedIn,
        ...(rows.inboxes.get(id) ?? NO_REQUESTS),
      };
    }),
  );
  const [answers, found] = await Promise.all([asked, knownOutages(options)]);
  const known = new Map(rows.members.map((load) => [load.id, load]));
  const unseen = members
    .filter((id) => !known.has(id))
    .map((id) => ({ id, owns: 0, offered: 0, unreached: false }));
  const { waiting: _, ...outbox } = rows.outbox;
  const status = {
    inboxes: answers,
    members: [...rows.members, ...unseen],
    outbox,
    pages: rows.pages,
    parked: rows.parked,
    parkedSince: rows.parkedSince === null ? null : iso(rows.parkedSince),
    outages: outagesOf(found, options, rows),
    learned: learnedOf(await models.inUse(), await learning.standing()),
  };
  return { status, remarks: remarks.sort() };
}

/**
 * Those that were noted because they last, and what a server has answered by now, or answers when it is asked: that needs
 * no minute to be believed by whoever asks.
 */
async function knownOutages({ outages, watched, inboxes }: StatusOptions): Promise<readonly KnownOutage[]> {
  const noted = await outages.open();
  const { now, troubles } = await outages.look(watched);
  const fresh = troubles.filter(
    ({ kind, inboxId, code }) =>
      code !== null && !noted.some((other) => other.kind === kind && other.inboxId === inboxId),
  );
  const known = [...noted, ...fresh.map((trouble) => ({ ...trouble, since: trouble.since ?? now }))];
  const isKnown = (id: InboxId) => known.some(({ kind, inboxId }) => kind === 'sending' && inboxId === id);
  const tried = inboxes.map(async ({ id, trySending }): Promise<KnownOutage[]> => {
    const code = isKnown(id) ? undefined : (await trySending())?.code;
    return code === undefined ? [] : [{ kind: 'sending', inboxId: id, since: null, code }];
  });
  return [...known, ...(await Promise.all(tried)).flat()];
}

type KnownOutage = Omit<OpenOutage, 'since'> & { readonly since: Instant | null };

const outagesOf = (
  outages: readonly KnownOutage[],
  { inboxes }: StatusOptions,
  { outbox: { waiting } }: OverviewRows,
): OutageStatus[] =>
  outages.map(({ kind, inboxId, since, code }) => {
    const inbox = inboxes.find(({ id }) => id === inboxId);
    return {
      ...{ kind, inbox: inbox?.address ?? inboxId, since: since === null ? null : iso(since), code },
      server: serverOf(code, inbox?.servers),
      waiting: waiting.get(inboxId) ?? 0,
    };
  });

/** A code begins with the kind of server that it is about. */
function serverOf(code: string | null, servers: StatusOptions['inboxes'][number]['servers'] | undefined) {
  if (code?.startsWith('imap-')) return servers?.imap ?? null;
  return code?.startsWith('smtp-') ? (servers?.smtp ?? null) : null;
}

function mailboxOf(row: FolderRow | undefined, behind: number | null): InboxStatus['mailbox'] {
  const { connected = false, lastUid = 0, reconciled = null, junk = null } = row ?? {};
  const compared = reconciled && { ...reconciled, at: iso(reconciled.at) };
  return { connected, lastUid, behind, reconciled: compared, junk };
}

function signInOf(row: TokenRow | null): NonNullable<InboxStatus['signIn']> {
  const told = (at: Instant | null | undefined) => (at === null || at === undefined ? null : iso(at));
  const code = row === null ? 'oauth-not-connected' : (row.failed?.code ?? null);
  return { renewedAt: told(row?.renewedAt), endsAt: told(row?.refreshUntil), code };
}

function learnedOf(
  inUse: Awaited<ReturnType<Models['inUse']>>,
  standing: LearningStanding | null,
): LearnedStatus | null {
  if (inUse === null && standing === null) return null;
  const { version: model, lowered } = inUse ?? { version: null, lowered: null };
  const { outcome, finishedAt } = standing ?? { outcome: null, finishedAt: null };
  const failedAt = outcome === 'failed' && finishedAt !== null ? iso(finishedAt) : null;
  return { model, failedAt, lowered: lowered && { ...lowered, since: iso(lowered.since) } };
}

const iso = (at: Instant): string => toDate(at).toISOString();

const roundOf = (round: CanaryRound | undefined): InboxStatus['canary'] =>
  round === undefined ? null : { sentAt: iso(round.sentAt), tookMs: toMs(round.took) };

async function countBehind(
  reader: MailboxReader,
  folder: string,
  row: FolderRow | undefined,
  signal: AbortSignal,
): Promise<number> {
  const session = await reader.open(folder, signal);
  try {
    // After a change of UIDVALIDITY everything is read anew, RFC 9051 section 2.3.1.1.
    const after = row?.uidValidity === session.uidValidity ? row.lastUid : 0;
    const there = await session.listUids();
    return countIn(there) - countIn(upTo(there, after));
  } finally {
    await session.close();
  }
}
