/**
 * Looks back at the mailboxes of inboxes: reads what lies there, lets go of the words, and tells what became of each
 * request. Nothing is written anywhere.
 */

import type { InboxId } from '../domain/ids.ts';
import { DAY, type Instant } from '../domain/instant.ts';
import { type LookBack, lookBack } from '../domain/look-back/look-back.ts';
import { oursByPolicy } from '../domain/look-back/ours.ts';
import { type PastMail, pastMail } from '../domain/look-back/past-mail.ts';
import type { Policy } from '../domain/policy.ts';
import type { MailParser, ParseResult } from './ports/mail-parser.ts';
import type { PastFolder, PastMailbox, PastRaw } from './ports/past-mailbox.ts';

/** Where one mail lies. */
export type PastPlace = {
  readonly inbox: InboxId;
  readonly folder: PastFolder;
  readonly uidValidity: string;
  readonly uid: number;
  readonly receivedAt: Instant;
  readonly size: number;
};

export type ReadMailboxes = {
  readonly mails: readonly PastMail[];
  /** By the place of a mail. */
  readonly places: ReadonlyMap<string, PastPlace>;
  readonly folders: readonly ReadFolder[];
  /** Mails that nothing could read. */
  readonly unreadable: number;
};

export type ReadFolder = { readonly inbox: InboxId; readonly folder: PastFolder; readonly mails: number };

export type ReadMailboxesDeps = {
  readonly parser: Pick<MailParser, 'parse'>;
  readonly policy: Policy;
  /** Called for each inbox once. */
  readonly open: (inbox: InboxId) => Promise<PastMailbox>;
  readonly foldersOf: (inbox: InboxId) => { readonly inbox: string; readonly sent: readonly string[] };
  readonly told: (progress: {
    readonly inbox: InboxId;
    readonly folder: string;
    readonly done: number;
    readonly of: number;
  }) => void;
};

/** Text comes before files, so that a mail is understood by its beginning. */
const BYTES_MAX = 256 * 1024;
/** Parsed together. */
const BATCH = 32;

export async function readMailboxes(
  deps: ReadMailboxesDeps,
  inboxes: readonly InboxId[],
  since: Instant,
): Promise<ReadMailboxes> {
  const so: SoFar = { mails: [], places: new Map(), folders: [], unreadable: 0 };
  for (const inbox of inboxes) {
    const mailbox = await deps.open(inbox);
    try {
      for (const folder of await mailbox.folders(deps.foldersOf(inbox)))
        await readFolder(deps, so, mailbox, { inbox, folder }, since);
    } finally {
      await mailbox.close();
    }
  }
  return so;
}

type SoFar = {
  readonly mails: PastMail[];
  readonly places: Map<string, PastPlace>;
  readonly folders: ReadFolder[];
  unreadable: number;
};

async function readFolder(
  deps: ReadMailboxesDeps,
  so: SoFar,
  mailbox: PastMailbox,
  where: Pick<PastPlace, 'inbox' | 'folder'>,
  since: Instant,
): Promise<void> {
  const { inbox, folder } = where;
  const { uidValidity, count, mails } = await mailbox.read(folder.path, since, BYTES_MAX);
  let done = 0;
  let batch: PastRaw[] = [];
  const flush = async () => {
    const results = await deps.parser.parse(batch.map(({ raw }) => raw));
    for (const [at, mail] of batch.entries())
      keep(deps.policy, so, { ...where, uidValidity, ...placeOf(mail) }, results[at]);
    done += batch.length;
    deps.told({ inbox, folder: folder.path, done, of: count });
    batch = [];
  };
  for await (const mail of mails) {
    batch.push(mail);
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  so.folders.push({ ...where, mails: done });
}

const placeOf = ({ uid, receivedAt, size }: PastRaw): Pick<PastPlace, 'uid' | 'receivedAt' | 'size'> => ({
  uid,
  receivedAt,
  size,
});

function keep(policy: Policy, so: SoFar, place: PastPlace, read: ParseResult | undefined): void {
  if (read === undefined) throw new Error('bug: a parser answers every mail');
  if (!read.ok) {
    so.unreadable += 1;
    return;
  }
  const name = `${place.inbox}/${place.folder.path}/${String(place.uid).padStart(10, '0')}`;
  const { inbox, receivedAt, folder } = place;
  so.places.set(name, place);
  so.mails.push(
    pastMail(
      read.mail,
      { place: name, inSent: folder.role === 'sent', inbox, receivedAt },
      oursByPolicy(policy),
      policy,
    ),
  );
}

/** Whoever wrote since yesterday has not waited long enough to be called unanswered. */
const GRACE = DAY;

export const lookBackAt = (
  { mails }: Pick<ReadMailboxes, 'mails'>,
  policy: Policy,
  span: { readonly from: Instant; readonly until: Instant },
): LookBack => lookBack(mails, { ours: oursByPolicy(policy), policy, grace: GRACE, ...span });
