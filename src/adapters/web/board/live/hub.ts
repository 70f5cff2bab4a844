/**
 * Tells open pages that something has changed, and nothing else: what has, they read anew through the door. However many
 * look, the database is asked by one timer, and by none while nobody looks.
 */
import { PassThrough } from 'node:stream';
import type { ChangedRequest, Changes } from '../../../../app/ports/changes.ts';
import type { ConversationId, MemberId } from '../../../../domain/ids.ts';
import { maySee, type Sight } from '../../../../domain/sight.ts';

export type Hub = {
  /** What a page listens to; null: there are too many listeners already. It ends by itself, and the page comes again. */
  listen(listener: Listener): PassThrough | null;
  close(): void;
};

/** `request`: the one that its page tells of, which it was seen that they may see; null: any of theirs. */
export type Listener = { readonly sight: Sight; readonly request: ConversationId | null };

export type HubOptions = {
  readonly changes: Changes;
  readonly failed: (error: unknown) => void;
  readonly lookEveryMs?: number;
};

const LOOK_EVERY_MS = 2_000;
/** A proxy, or our own server, closes what is silent for a minute. */
const BEAT_EVERY_MS = 20_000;
/** Whoever has left, or signed out elsewhere, hears nothing after that. */
const LISTEN_MS = 10 * 60_000;
const LISTENERS_MAX = 500;
const OF_ONE_MEMBER_MAX = 20;
/** A reader that does not read is not written to without end. */
const UNREAD_BYTES_MAX = 16 * 1_024;

type Open = Listener & {
  readonly stream: PassThrough;
  readonly member: MemberId;
  /** Its page was read before it listened: what happened just then may not stand there, and is told once. */
  isNew: boolean;
};

export function liveHub({ changes, failed, lookEveryMs = LOOK_EVERY_MS }: HubOptions): Hub {
  const listeners = new Set<Open>();
  /** Of each request that changed lately the version that was told; null: nobody has looked yet. */
  let told: ReadonlyMap<ConversationId, number> | null = null;
  let looking: NodeJS.Timeout | null = null;
  let beating: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    const lately = await changes.lately();
    const before = told;
    told = new Map(lately.map(({ id, version }) => [id, version]));
    const news = lately.filter(({ id, version }) => before !== null && before.get(id) !== version);
    for (const listener of listeners) {
      const unheard = listener.isNew ? lately : news;
      listener.isNew = false;
      if (concerns(listener, unheard)) tell(listener);
    }
  }

  function tell(listener: Open): void {
    if (listener.stream.writableLength > UNREAD_BYTES_MAX) finish(listener);
    else listener.stream.write('event: changed\ndata: look\n\n');
  }

  const lookAgain = (): void => {
    looking = setTimeout(() => {
      look()
        .catch(failed)
        .finally(() => listeners.size > 0 && looking !== null && lookAgain());
    }, lookEveryMs);
  };

  function begin(): void {
    if (looking !== null) return;
    told = null;
    look().catch(failed);
    lookAgain();
    beating = setInterval(() => {
      for (const { stream } of listeners) stream.write(': here\n\n');
    }, BEAT_EVERY_MS);
  }

  function end(): void {
    if (looking !== null) clearTimeout(looking);
    if (beating !== null) clearInterval(beating);
    looking = null;
    beating = null;
  }

  /** Nothing is written to a stream after its end: it is no listener any more, though its reader has not closed it yet. */
  function finish(listener: Open): void {
    leave(listener);
    listener.stream.end();
  }

  function leave(listener: Open): void {
    listeners.delete(listener);
    if (listeners.size === 0) end();
  }

  return {
    listen({ sight, request }) {
      const { member } = sight;
      const own = [...listeners].filter((one) => one.member === member).length;
      if (listeners.size >= LISTENERS_MAX || own >= OF_ONE_MEMBER_MAX) return null;
      const stream = new PassThrough();
      const listener: Open = { sight, request, stream, member, isNew: true };
      listeners.add(listener);
      const timer = setTimeout(() => finish(listener), LISTEN_MS);
      stream.on('close', () => {
        clearTimeout(timer);
        leave(listener);
      });
      stream.write('retry: 3000\n\n');
      begin();
      return stream;
    },
    close() {
      for (const listener of listeners) finish(listener);
      end();
    },
  };
}

const concerns = ({ sight, request }: Listener, news: readonly ChangedRequest[]): boolean =>
  news.some((one) => (request === null ? mayHear(sight, one) : one.id === request));

/** What they only took part in is told on its own page, where it was asked for. */
const mayHear = (sight: Sight, { asked, ...request }: ChangedRequest): boolean =>
  maySee(sight, { ...request, offer: asked === null ? null : { to: asked } }, false);
