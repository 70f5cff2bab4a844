/**
 * A few SMTP sessions that are kept open, and the mails that wait for one of them.
 *
 * Promises: the content of a mail is handed out at most once; every mail ends within `totalMs`, its wait for a session
 * included. A session that turns out to be dead before anything was handed out costs one more try, on another one.
 */
import type { OutgoingMail } from '../../app/ports/mail-sender.ts';
import type { SendError } from './outcome.ts';
import type { Answer, Session } from './session.ts';

export type SessionPool = {
  /** `onBegin` is called when the content is about to be handed out. Throws SendError. */
  send(mail: OutgoingMail, onBegin: () => void): Promise<Answer>;
  /** Ends all sessions; what is being sent then fails. */
  close(): void;
};

export type SessionPoolOptions = {
  readonly open: (onEnd: (session: Session) => void) => Session;
  readonly sessionsMax: number;
  readonly totalMs: number;
  readonly idleMs: number;
};

/** Many servers end a session after a hundred mails or so, and none minds one that ends by itself. */
const MAILS_MAX = 100;

type Waiting = {
  readonly mail: OutgoingMail;
  readonly onBegin: () => void;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  hasBegun: boolean;
  isOver: boolean;
  isRepeated: boolean;
  session: Session | null;
};

export function sessionPool({ open, sessionsMax, totalMs, idleMs }: SessionPoolOptions): SessionPool {
  const sessions = new Set<Session>();
  /** Those used last stand last and are used first, so that the others grow old. */
  let idle: { readonly session: Session; readonly since: number }[] = [];
  const waiting: Waiting[] = [];
  let sweeper: NodeJS.Timeout | null = null;

  const forget = (session: Session): void => {
    sessions.delete(session);
    idle = idle.filter((one) => one.session !== session);
    serveNext();
  };

  function opened(): Session | null {
    if (sessions.size >= sessionsMax) return null;
    const session = open(forget);
    sessions.add(session);
    return session;
  }

  function serveNext(): void {
    while (waiting.length > 0) {
      const session = idle.pop()?.session ?? opened();
      if (session === null) return;
      const next = waiting.shift();
      if (next !== undefined) void serve(session, next);
    }
  }

  async function serve(session: Session, one: Waiting): Promise<void> {
    const wasUsed = session.mails > 0;
    one.session = session;
    try {
      await session.ready();
      one.resolve(await session.send(one.mail, () => begin(one)));
    } catch (error) {
      // An answer to this very mail is no sign of a dead session.
      const isDead = wasUsed && !one.hasBegun && isConnectionLost(error as SendError);
      if (isDead && !one.isOver && !one.isRepeated) {
        one.isRepeated = true;
        waiting.unshift(one);
      } else one.reject(error);
    }
    one.session = null;
    release(session);
  }

  function release(session: Session): void {
    if (!session.isOpen) sessions.delete(session);
    else if (session.mails < MAILS_MAX) idle.push({ session, since: performance.now() });
    else {
      sessions.delete(session);
      session.quit();
    }
    serveNext();
    if (idle.length > 0 && sweeper === null) sweeper = setTimeout(sweep, idleMs).unref();
  }

  /** Says goodbye to those that nobody has used for long. */
  function sweep(): void {
    sweeper = null;
    const now = performance.now();
    for (const { session } of idle.filter(({ since }) => now - since >= idleMs)) {
      session.quit();
      forget(session);
    }
    const [oldest] = idle;
    if (oldest !== undefined) sweeper = setTimeout(sweep, oldest.since + idleMs - now).unref();
  }

  function begin(one: Waiting): void {
    // Its caller was told of an end already, and must not be made a liar.
    if (one.isOver) throw new Error('this mail is not sent any more');
    one.hasBegun = true;
    one.onBegin();
  }

  return {
    send: (mail, onBegin) =>
      new Promise<Answer>((resolve, reject) => {
        const end = (): void => {
          one.isOver = true;
          clearTimeout(timer);
        };
        const one: Waiting = {
          ...{ mail, onBegin, hasBegun: false, isOver: false, isRepeated: false, session: null },
          resolve: (answer) => {
            end();
            resolve(answer);
          },
          reject: (error) => {
            end();
            reject(error);
          },
        };
        const timer = setTimeout(() => {
          one.reject(outOfTime(totalMs));
          const at = waiting.indexOf(one);
          if (at >= 0) waiting.splice(at, 1);
          one.session?.close();
        }, totalMs);
        waiting.push(one);
        serveNext();
      }),
    close() {
      if (sweeper !== null) clearTimeout(sweeper);
      for (const session of [...sessions]) session.close();
    },
  };
}

const isConnectionLost = ({ code, responseCode }: SendError): boolean =>
  responseCode === 421 || code === 'ECONNECTION' || code === 'ESOCKET' || code === 'ETIMEDOUT';

const outOfTime = (ms: number): Error =>
  Object.assign(new Error(`not sent within ${ms / 1_000} seconds`), { code: 'EABORT' });
