/** A mailbox in memory behind the MailboxReader port, with mail, expunges, renumbering and failures on demand. */
import { Failure, type FailureKind } from '../../src/app/failures.ts';
import type {
  FetchedMail,
  JunkCount,
  ListedMail,
  MailboxReader,
  MailboxSession,
} from '../../src/app/ports/mailbox-reader.ts';
import { fromIso, type Instant } from '../../src/domain/instant.ts';
import { rangesOf, type UidRange } from '../../src/domain/uid-ranges.ts';

export type MailboxCall =
  | 'open'
  | 'listAfter'
  | 'listUids'
  | 'describe'
  | 'countJunk'
  | 'fetch'
  | 'fetchHeaders'
  | 'waitForNews';

type Stored = { readonly uid: number; readonly raw: Uint8Array; readonly internalDate: Instant };
type Folder = {
  uidValidity: number;
  uidNext: number;
  mails: Stored[];
  readonly news: Set<() => void>;
  readonly withheld: Map<number, Withheld>;
};
type Withheld = { readonly calls: readonly MailboxCall[]; readonly code: string };
type PlannedFailure = { readonly on: MailboxCall | null; readonly failure: Failure };

export type MemoryMailbox = {
  readonly reader: MailboxReader;
  /** Every call that reached the mailbox, in order. */
  readonly calls: MailboxCall[];
  append(folder: string, raw: Uint8Array | string, internalDate?: Instant): number;
  expunge(folder: string, uid: number): void;
  /** The server tells of this mail to nobody, until it is shown again. */
  hide(folder: string, uid: number): void;
  show(folder: string, uid: number): void;
  /** UIDs are counted anew from 1, as after a restored backup. */
  changeUidValidity(folder: string): void;
  /** The folder is put back from a backup of when UIDNEXT was this, UIDVALIDITY and all. */
  restoreBackup(folder: string, uidNext: number): void;
  /** What lies in the folder now. */
  mails(folder: string): readonly { readonly uid: number; readonly raw: Uint8Array }[];
  uidValidity(folder: string): string;
  /** The server fails these calls whenever they ask for this mail, until it is given again. */
  withhold(folder: string, uid: number, calls: readonly MailboxCall[], code?: string): void;
  give(folder: string, uid: number): void;
  /** The next call (of that kind) throws; its session is finished then. */
  failNext(code: string, options?: { on?: MailboxCall; kind?: FailureKind }): void;
  dropConnections(): void;
  openSessions(): number;
};

export function memoryMailbox(folderNames: readonly string[] = ['INBOX', 'Sent']): MemoryMailbox {
  const folders = new Map<string, Folder>();
  for (const name of folderNames)
    folders.set(name, { uidValidity: 1, uidNext: 1, mails: [], news: new Set(), withheld: new Map() });
  const sessions = new Set<MemorySession>();
  const planned: PlannedFailure[] = [];
  const calls: MailboxCall[] = [];
  let hidden: readonly Stored[] = [];

  const enter = (call: MailboxCall): Failure | null => {
    calls.push(call);
    const at = planned.findIndex((plan) => plan.on === null || plan.on === call);
    return at === -1 ? null : (planned.splice(at, 1)[0]?.failure ?? null);
  };
  const folderOf = (name: string): Folder => {
    const folder = folders.get(name);
    if (folder === undefined) throw new Error(`the test knows no folder ${name}`);
    return folder;
  };
  return {
    calls,
    reader: {
      async open(name, signal) {
        const failure = enter('open');
        if (failure !== null) throw failure;
        if (signal.aborted) throw new Failure('temporary', 'imap-aborted', 'called off');
        const folder = folders.get(name);
        if (folder === undefined) {
          const existing = [...folders.keys()].join(', ');
          throw new Failure(
            'permanent',
            'imap-no-such-folder',
            `no folder "${name}"; there are: ${existing}`,
          );
        }
        const session = new MemorySession(folder, folders, enter, (ended) => sessions.delete(ended));
        sessions.add(session);
        return session;
      },
    },
    append(name, raw, internalDate = fromIso('2026-01-05T09:00:00Z')) {
      const folder = folderOf(name);
      const uid = folder.uidNext++;
      folder.mails.push({ uid, raw: typeof raw === 'string' ? Buffer.from(raw) : raw, internalDate });
      for (const tell of folder.news) tell();
      return uid;
    },
    expunge(name, uid) {
      const folder = folderOf(name);
      folder.mails = folder.mails.filter((mail) => mail.uid !== uid);
    },
    hide(name, uid) {
      const folder = folderOf(name);
      hidden = [...hidden, ...folder.mails.filter((mail) => mail.uid === uid)];
      folder.mails = folder.mails.filter((mail) => mail.uid !== uid);
    },
    show(name, uid) {
      const folder = folderOf(name);
      const shown = hidden.filter((mail) => mail.uid === uid);
      hidden = hidden.filter((mail) => mail.uid !== uid);
      folder.mails = [...folder.mails, ...shown].sort((a, b) => a.uid - b.uid);
    },
    withhold: (name, uid, calls, code = 'imap-refused') =>
      void folderOf(name).withheld.set(uid, { calls, code }),
    give: (name, uid) => void folderOf(name).withheld.delete(uid),
    changeUidValidity(name) {
      const folder = folderOf(name);
      folder.uidValidity += 1;
      folder.mails = folder.mails.map((mail, at) => ({ ...mail, uid: at + 1 }));
      folder.uidNext = folder.mails.length + 1;
    },
    restoreBackup(name, uidNext) {
      const folder = folderOf(name);
      folder.mails = folder.mails.filter(({ uid }) => uid < uidNext);
      folder.uidNext = Math.min(folder.uidNext, uidNext);
    },
    mails: (name) => folderOf(name).mails,
    uidValidity: (name) => String(folderOf(name).uidValidity),
    failNext(code, { on, kind = 'temporary' } = {}) {
      planned.push({ on: on ?? null, failure: new Failure(kind, code, `planned by the test: ${code}`) });
    },
    dropConnections() {
      for (const session of sessions) session.drop();
    },
    openSessions: () => sessions.size,
  };
}

const listed = ({ uid, raw, internalDate }: Stored): ListedMail => ({
  uid,
  size: raw.byteLength,
  internalDate,
});

class MemorySession implements MailboxSession {
  readonly uidValidity: string;
  private readonly folder: Folder;
  private readonly folders: ReadonlyMap<string, Folder>;
  private readonly enter: (call: MailboxCall) => Failure | null;
  private readonly ended: (session: MemorySession) => void;
  private readonly onNews: () => void;
  private failure: Failure | null = null;
  private news = false;
  private wake: () => void = () => {};

  constructor(
    folder: Folder,
    folders: ReadonlyMap<string, Folder>,
    enter: MemorySession['enter'],
    ended: MemorySession['ended'],
  ) {
    this.folder = folder;
    this.folders = folders;
    this.enter = enter;
    this.ended = ended;
    this.uidValidity = String(folder.uidValidity);
    this.onNews = () => {
      this.news = true;
      this.wake();
    };
    folder.news.add(this.onNews);
  }

  get uidNext(): number {
    return this.folder.uidNext;
  }

  async listAfter(uid: number, limit: number): Promise<ListedMail[]> {
    this.begin('listAfter');
    this.ask(
      'describe',
      this.folder.mails.filter((mail) => mail.uid > uid).map((mail) => mail.uid),
    );
    this.news = false;
    if (String(this.folder.uidValidity) !== this.uidValidity) {
      throw this.finish(new Failure('temporary', 'imap-uidvalidity-changed', 'the folder was renumbered'));
    }
    return this.folder.mails
      .filter((mail) => mail.uid > uid)
      .slice(0, limit)
      .map(listed);
  }

  async listUids(): Promise<readonly UidRange[]> {
    this.begin('listUids');
    this.news = true;
    return rangesOf(this.folder.mails.map(({ uid }) => uid));
  }

  async describe(uids: readonly number[]): Promise<ListedMail[]> {
    this.begin('describe');
    this.ask('describe', uids);
    return this.folder.mails.filter(({ uid }) => uids.includes(uid)).map(listed);
  }

  async countJunk(folder: string | null, since: Instant): Promise<JunkCount | null> {
    this.begin('countJunk');
    const name = folder ?? 'Junk';
    const mails = this.folders.get(name)?.mails;
    return mails === undefined
      ? null
      : { folder: name, count: mails.filter(({ internalDate }) => internalDate >= since).length };
  }

  async fetch(uids: readonly number[]): Promise<FetchedMail[]> {
    this.begin('fetch');
    this.ask('fetch', uids);
    return this.folder.mails.filter((mail) => uids.includes(mail.uid)).map(({ uid, raw }) => ({ uid, raw }));
  }

  async fetchHeaders(uid: number): Promise<FetchedMail | null> {
    this.begin('fetchHeaders');
    this.ask('fetchHeaders', [uid]);
    const mail = this.folder.mails.find((candidate) => candidate.uid === uid);
    if (mail === undefined) return null;
    const end = Buffer.from(mail.raw).indexOf('\r\n\r\n');
    return { uid, raw: end === -1 ? mail.raw : mail.raw.subarray(0, end + 4) };
  }

  async waitForNews(timeoutMs: number, signal: AbortSignal): Promise<void> {
    this.begin('waitForNews');
    if (this.news || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.wake(), timeoutMs);
      const onAbort = () => this.wake();
      signal.addEventListener('abort', onAbort);
      this.wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
    });
    if (this.failure !== null) throw this.failure;
  }

  async close(): Promise<void> {
    this.finish(new Failure('temporary', 'imap-unreachable', 'closed'));
  }

  drop(): void {
    this.finish(new Failure('temporary', 'imap-unreachable', 'the connection is gone'));
  }

  private begin(call: MailboxCall): void {
    const planned = this.enter(call);
    if (this.failure !== null) throw this.failure;
    if (planned !== null) throw this.finish(planned);
  }

  private ask(call: MailboxCall, uids: readonly number[]): void {
    for (const uid of uids) {
      const withheld = this.folder.withheld.get(uid);
      if (withheld?.calls.includes(call) !== true) continue;
      throw this.finish(new Failure('temporary', withheld.code, `UID ${uid} is not given`));
    }
  }

  private finish(failure: Failure): Failure {
    this.failure ??= failure;
    this.folder.news.delete(this.onNews);
    this.ended(this);
    this.wake();
    return this.failure;
  }
}
