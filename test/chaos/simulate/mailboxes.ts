/** The mailboxes of one life, and when each of their folders is looked at next. */
import type { WatchedFolder } from '../../../src/app/ports/store.ts';
import { type Duration, type Instant, SECOND } from '../../../src/domain/instant.ts';
import { type MemoryMailbox, memoryMailbox } from '../../support/memory-mailbox.ts';
import { INBOXES } from './customers.ts';
import { type Letter, Ways } from './post.ts';
import { type Lying, placeOf } from './taken-in.ts';
import type { World } from './world.ts';

export type Watched = {
  readonly folder: WatchedFolder;
  readonly pollAt: Instant;
  /** Then it is counted against its server as well. */
  readonly isCompared: boolean;
};

export type Mailboxes = {
  readonly all: ReadonlyMap<string, MemoryMailbox>;
  of(inbox: string): MemoryMailbox;
  readonly watched: readonly Watched[];
  /** What lies there, for whoever asks whether Baton has it. */
  readonly lying: Lying;
  /** Places of mail that the server told of later than of those after it. */
  readonly late: ReadonlySet<string>;
  /** How many letters came in. */
  readonly letters: number;
  deliver(inbox: string, letter: Letter, copies?: number, folder?: string): void;
  /** The folder is put back from a backup of when UIDNEXT was this. */
  putBack(mailbox: MemoryMailbox, uidNext: number): void;
  /** The server tells of this mail only after so long. */
  listLate(inbox: string, uid: number, after: Duration): void;
  /** Whether it still keeps one back. */
  isHiding(inbox: string): boolean;

  /** Somebody looks into the folder soon. */
  wake(inbox: string, folder: string, isCompared?: boolean): void;
  /** Somebody looks now; `again` and `looked` say how that ended. */
  look(watched: Watched): void;
  again(watched: Watched, least: Duration, most: Duration): void;
  looked(watched: Watched, isCompared: boolean): void;
};

type Row = { folder: WatchedFolder; pollAt: Instant; isCompared: boolean; isPutBack: boolean };

const NEVER: Instant = Number.POSITIVE_INFINITY;

export function mailboxesOf(world: World): Mailboxes {
  const { dice, stage } = world;
  const all = new Map<string, MemoryMailbox>();
  const rows: Row[] = rowsFrom(world.start - (world.start % SECOND));
  const untold = new Set<string>();
  const late = new Set<string>();
  const hiding = new Set<string>();
  let letters = 0;

  function of(inbox: string): MemoryMailbox {
    const known = all.get(inbox) ?? memoryMailbox(['INBOX', 'Sent']);
    all.set(inbox, known);
    return known;
  }

  function wake(inbox: string, folder: string, isCompared = false): void {
    const row = rows.find((one) => one.folder.inboxId === inbox && one.folder.folder === folder);
    if (row === undefined) return;
    row.isCompared ||= isCompared;
    const after = dice.between(0, dice.happens(0.1) ? 60 * SECOND : 3 * SECOND);
    row.pollAt = Math.min(row.pollAt, stage.now() + after);
  }

  const rowOf = (watched: Watched): Row => {
    const row = rows.find(({ folder }) => folder === watched.folder);
    if (row === undefined) throw new Error('bug: nobody watches this folder');
    return row;
  };

  return {
    all,
    of,
    watched: rows,
    lying: { store: world.store, mailboxes: all, folders: rows.map(({ folder }) => folder), untold },
    late,
    get letters() {
      return letters;
    },
    deliver(inbox, letter, copies = 1, folder = 'INBOX') {
      const { raw } = world.post.write(letter, stage.now());
      letters += 1;
      const said = `${letter.from} to ${letter.to.join(', ')}: ${letter.subject} | ${letter.text}`;
      world.trace.add(stage.now(), 'mail', said);
      const receivedAt = stage.now() - (stage.now() % SECOND);
      const isPutBack = rows.some((row) => row.isPutBack && row.folder.inboxId === inbox);
      for (let copy = 0; copy < copies; copy += 1) {
        const again = copy === 0 ? 'the-same' : dice.pick(['the-same', ...Ways] as const);
        const bytes = again === 'the-same' ? raw : world.post.again(raw, again);
        const uid = of(inbox).append(folder, bytes, receivedAt);
        if (isPutBack) untold.add(placeOf({ inboxId: inbox, folder }, uid));
      }
      const { poison, forged } = letter;
      world.tally.add('letter', poison !== undefined ? 'poison' : forged === true ? 'forged' : 'letter');
      wake(inbox, folder);
    },
    putBack(mailbox, uidNext) {
      for (const row of rows) row.isPutBack ||= of(row.folder.inboxId) === mailbox;
      mailbox.restoreBackup('INBOX', uidNext);
    },
    listLate(inbox, uid, after) {
      of(inbox).hide('INBOX', uid);
      hiding.add(inbox);
      stage.at(stage.now() + after, () => {
        of(inbox).show('INBOX', uid);
        late.add(placeOf({ inboxId: inbox, folder: 'INBOX' }, uid));
        hiding.delete(inbox);
        wake(inbox, 'INBOX', true);
      });
    },
    isHiding: (inbox) => hiding.has(inbox),
    wake,
    look(watched) {
      rowOf(watched).pollAt = NEVER;
    },
    again(watched, least, most) {
      const row = rowOf(watched);
      row.pollAt = Math.min(row.pollAt, stage.now() + dice.between(least, most));
    },
    looked(watched, isCompared) {
      const row = rowOf(watched);
      row.isPutBack = false;
      if (isCompared && row.pollAt === NEVER) row.isCompared = false;
    },
  };
}

const rowsFrom = (startFrom: Instant): Row[] =>
  INBOXES.flatMap((inboxId) =>
    (
      [
        ['INBOX', 'inbox'],
        ['Sent', 'sent'],
      ] as const
    ).map(([folder, role]) => ({
      folder: { inboxId, folder, role, startFrom },
      ...{ pollAt: NEVER, isCompared: false, isPutBack: false },
    })),
  );
