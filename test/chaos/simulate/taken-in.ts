/**
 * Whether Baton has what lies in the mailboxes: all of it at the end, and after each portion that was stored whatever the
 * cursor has passed. Later only a count against the server would find a mail that was passed over.
 */
import type { MemoryMailbox } from '../../support/memory-mailbox.ts';
import type { MemoryStore } from '../../support/memory-store.ts';

type Folder = { readonly inboxId: string; readonly folder: string };

export type Lying = {
  readonly store: MemoryStore;
  readonly mailboxes: ReadonlyMap<string, MemoryMailbox>;
  readonly folders: readonly Folder[];
  /** Places of mail that came after a backup was put back and before anybody looked: nothing tells it from the old. */
  readonly untold: ReadonlySet<string>;
};

export const placeOf = ({ inboxId, folder }: Folder, uid: number): string => `${inboxId}/${folder}/${uid}`;

/** Once everything has come to rest. */
export const neverTaken = (lying: Lying): string[] =>
  lying.folders.flatMap((folder) =>
    missing(lying, folder, Number.POSITIVE_INFINITY).map(
      (uid) => `mail ${uid} of ${folder.inboxId}/${folder.folder} was never taken in`,
    ),
  );

/** At any moment. `late`: places of mail that its server did not tell of when the cursor passed it. */
export const passedOver = (lying: Lying, late: ReadonlySet<string>): string[] =>
  lying.folders.flatMap((folder) => {
    const watched = rowOf(lying, folder);
    if (watched?.uidValidity !== lying.mailboxes.get(folder.inboxId)?.uidValidity(folder.folder)) return [];
    const passed = missing(lying, folder, watched?.lastUid ?? 0).filter(
      (uid) => !late.has(placeOf(folder, uid)),
    );
    // A mail for which its server is asked once more has left its place, which nothing names any longer.
    const asked = lying.store
      .messages()
      .filter(({ mailboxId, reason }) => mailboxId === watched?.id && reason?.code === 'asked-again');
    if (passed.length <= asked.length) return [];
    return passed.map(
      (uid) => `the cursor of ${folder.inboxId}/${folder.folder} has passed mail ${uid}, which is not stored`,
    );
  });

const rowOf = ({ store }: Lying, { inboxId, folder }: Folder) =>
  store.mailboxes().find((row) => row.inboxId === inboxId && row.folder === folder);

/** Mails up to this one that lie there and have no row under their place. */
function missing(lying: Lying, folder: Folder, lastUid: number): number[] {
  const { store, mailboxes, untold } = lying;
  const mails = (mailboxes.get(folder.inboxId)?.mails(folder.folder) ?? []).filter(
    ({ uid }) => uid <= lastUid,
  );
  if (mails.length === 0) return [];
  const watched = rowOf(lying, folder);
  const places = new Set(
    store
      .messages()
      .filter(
        ({ mailboxId, uidValidity }) => mailboxId === watched?.id && uidValidity === watched.uidValidity,
      )
      .map(({ uid, raw }) => `${uid} ${Buffer.from(raw).toString()}`),
  );
  return (
    mails
      .filter(({ uid }) => !untold.has(placeOf(folder, uid)))
      // What its server did not give out has a row without bytes.
      .filter(
        ({ uid, raw }) => !places.has(`${uid} ${Buffer.from(raw).toString()}`) && !places.has(`${uid} `),
      )
      .map(({ uid }) => uid)
  );
}
