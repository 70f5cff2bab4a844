/** The one place that reads PostgreSQL's error codes. */
import { Failure } from '../../app/failures.ts';

/** Connection exception, transaction rollback, insufficient resources, operator intervention. */
const TEMPORARY_CLASSES = new Set(['08', '40', '53', '57']);
/** Lock timeout, object in use, idle-in-transaction and transaction timeout, I/O error. */
const TEMPORARY_CODES = new Set(['55P03', '55006', '25P03', '25P04', '58030']);
/** Database dropped: in class 57, but no later attempt changes it. */
const PERMANENT_CODES = new Set(['57P04']);
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
]);
/** pg gives these no code. */
const CONNECTION_TEXT =
  /connection terminated|timeout exceeded when trying to connect|not queryable|connection ended|client was closed|query read timeout|cannot use a pool after/i;

/** What somebody at a terminal can do about it, by SQLSTATE or its class; everything else is told as PostgreSQL does. */
const ADVICE: Readonly<Record<string, string>> = {
  '57P03':
    'PostgreSQL is just starting or stopping. Try again in a moment; if it stays so, its own log says why',
  '57P01': 'PostgreSQL is being stopped or started anew. Try again once it is up',
  '57P02': 'PostgreSQL went down and starts anew. Try again in a moment; its own log says why it did',
  '28': 'PostgreSQL refuses the login. Check user and password in database.url, and pg_hba.conf at the server',
  '3D000': 'There is no such database. Check the name in database.url, or create it',
  '42501': 'The user in database.url may not do that. Baton needs the rights of the owner of its database',
  '25006': 'This PostgreSQL takes no changes (a standby?). Name the primary in database.url',
  '53100': 'PostgreSQL has no room left on its disk. Make room',
  '53300': 'PostgreSQL takes no more connections. Raise its max_connections, or run fewer workers',
};
const UNREACHABLE =
  'PostgreSQL cannot be reached. See whether it runs, and whether host and port in database.url are right';

/**
 * What an error of pg (or of Prisma over pg) means: temporary after serialization failure, deadlock, lock timeout,
 * cancellation, overload or a lost connection; permanent for everything else. A Failure stays as it is.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = sqlState(error);
  const message = textOf(error);
  if (code !== null) {
    const temporary =
      (TEMPORARY_CLASSES.has(code.slice(0, 2)) && !PERMANENT_CODES.has(code)) || TEMPORARY_CODES.has(code);
    const advice = ADVICE[code] ?? ADVICE[code.slice(0, 2)];
    const words =
      advice === undefined ? `database: ${message} (${code})` : said(advice, `${message}, ${code}`);
    return new Failure(temporary ? 'temporary' : 'permanent', `db-${code}`, words, { cause: error });
  }
  const lost = [...causes(error)].some((at) => CONNECTION_CODES.has(String((at as { code?: unknown }).code)));
  if (lost || CONNECTION_TEXT.test(message)) {
    return new Failure('temporary', 'db-connection', said(UNREACHABLE, message), { cause: error });
  }
  return new Failure('permanent', 'db-error', `database: ${message}`, { cause: error });
}

const said = (advice: string, detail: string): string => `${advice}. (${detail})`;

/** The five-character SQLSTATE of a pg error, also inside the errors of Prisma's driver adapter; null without one. */
export function sqlState(error: unknown): string | null {
  for (const at of causes(error)) {
    const { code, originalCode } = at as { code?: unknown; originalCode?: unknown };
    if (code === 'P2034') return '40001';
    for (const candidate of [originalCode, code]) {
      if (typeof candidate === 'string' && isSqlState(candidate)) return candidate;
    }
  }
  return null;
}

/** Node's EPIPE has five capitals too, and Prisma's P1001 or P2002 look alike; PL/pgSQL's own are P0000 to P0004. */
const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && !/^(E|P[1-9])/.test(code);

/** The error, its causes, and the parts of an AggregateError (two addresses of one host): ten at most. */
function* causes(error: unknown): Generator<object> {
  const waiting: unknown[] = [error];
  for (let seen = 0; waiting.length > 0 && seen < 10; seen++) {
    const at = waiting.shift();
    if (typeof at !== 'object' || at === null) continue;
    yield at;
    const { cause, errors, meta } = at as { cause?: unknown; errors?: unknown; meta?: object };
    // What a raw statement of Prisma's client met is no cause of its P2010, but stands beside it.
    const { driverAdapterError } = (meta ?? {}) as { driverAdapterError?: unknown };
    waiting.push(cause, driverAdapterError, ...(Array.isArray(errors) ? errors.slice(0, 2) : []));
  }
}

/**
 * What PostgreSQL or the network said. Prisma puts it into many lines about the call, which say where in Baton it
 * happened; nobody who looks after a database can use that.
 */
function textOf(error: unknown): string {
  for (const at of causes(error)) {
    const { originalMessage } = at as { originalMessage?: unknown };
    if (typeof originalMessage === 'string' && originalMessage !== '') return originalMessage;
  }
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return String(error.errors[0]?.message ?? '');
  return error.message.trim().split('\n').at(-1) ?? '';
}
