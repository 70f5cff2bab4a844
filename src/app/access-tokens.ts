/**
 * Access tokens for mailboxes, renewed some minutes before they end.
 *
 * Promises: of any number of processes one asks the provider and the others read what it got; a refresh token that the
 * provider replaced is kept before the new access token is used; a provider that refuses or does not answer is left in
 * peace for a while by all of them, and a refusal that only a person can mend stands in the row for the alarm to find.
 */
import type { InboxId } from '../domain/ids.ts';
import { DAY, type Duration, type Instant, MINUTE, SECOND } from '../domain/instant.ts';
import { Failure } from './failures.ts';
import type {
  AccessToken,
  AccessTokens,
  Granted,
  Seal,
  TokenGrants,
  TokenRow,
  TokenRows,
} from './ports/access-tokens.ts';

export type TokenDeps = {
  readonly rows: TokenRows;
  readonly seal: () => Seal;
  readonly grantsOf: (inbox: InboxId) => TokenGrants;
  /** A number from 0 up to 1. */
  readonly random: () => number;
};

/** Renewed so long before its end, or a quarter of its life where that is shorter; up to twice that, by chance. */
const EARLY_MAX: Duration = 5 * MINUTE;
/** Shorter than this is not worth a login. */
const USABLE_MIN: Duration = 30 * SECOND;
const PAUSE_MIN: Duration = 10 * SECOND;
const PAUSE_MAX: Duration = 5 * MINUTE;
/** After a refusal that a person must mend: whoever connects the inbox anew ends it at once. */
const REFUSED_PAUSE: Duration = 15 * MINUTE;

export function accessTokens(deps: TokenDeps): AccessTokens {
  return {
    async of(inbox, refused) {
      const { row, now } = await deps.rows.read(inbox);
      const known = fromRow(deps, inbox, row);
      const isMended = known !== null && isOurs(row);
      if (known !== null && known.value !== refused && !isMended && !isDue(deps, row, now)) return known;
      if (!isMended && isResting(deps, inbox, row, now)) return lastResort(inbox, row, known, refused, now);
      const answer = await deps.rows.change(inbox, (current, at) =>
        renewed(deps, inbox, current, refused, at),
      );
      if (answer instanceof Failure) throw answer;
      return answer;
    },
  };
}

/** Keeps what a person's signing in came to, and forgets what failed before. */
export async function keepSignIn(
  deps: Pick<TokenDeps, 'rows' | 'seal' | 'grantsOf'>,
  inbox: InboxId,
  granted: Granted,
): Promise<void> {
  await deps.rows.change(inbox, async (_, now) => {
    const row = keptRow(deps, inbox, granted, null, now);
    return { row, value: undefined };
  });
}

type Renewed = { readonly row: TokenRow; readonly value: AccessToken | Failure };

/** Under the lock: another process may have renewed it, or failed, while this one waited. */
async function renewed(
  deps: TokenDeps,
  inbox: InboxId,
  row: TokenRow | null,
  refused: string | undefined,
  now: Instant,
): Promise<Renewed> {
  const known = fromRow(deps, inbox, row);
  if (row !== null && known !== null && known.value !== refused && !isDue(deps, row, now))
    return { row: isOurs(row) ? { ...row, ...WELL } : row, value: known };
  if (row !== null && isResting(deps, inbox, row, now))
    return { row, value: lastResortOr(inbox, row, known, refused, now) };
  try {
    const refresh = refreshToken(deps, inbox, row);
    const granted = await deps.grantsOf(inbox).renew(refresh);
    const value = { value: granted.access, until: now + granted.lasts };
    return { row: keptRow(deps, inbox, granted, row, now), value };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const failing = failedRow(deps, inbox, row, error, now, known !== null && known.value === refused);
    return { row: failing, value: lastResortOr(inbox, failing, known, refused, now) };
  }
}

/** Throws where nothing is kept that could be renewed. */
function refreshToken(deps: TokenDeps, inbox: InboxId, row: TokenRow | null): string | null {
  const grants = deps.grantsOf(inbox);
  if (!grants.needsPerson) return null;
  if (row === null || row.refresh === null || row.identity !== grants.identity)
    throw tokenFailure(inbox, 'oauth-not-connected');
  const seal = deps.seal();
  const refresh = row.keyId === seal.keyId ? seal.open(row.refresh, `${inbox} refresh`) : null;
  if (refresh === null) throw tokenFailure(inbox, 'oauth-key-changed');
  return refresh;
}

/** The access token that is kept, if it is for this client and key. */
function fromRow(deps: TokenDeps, inbox: InboxId, row: TokenRow | null): AccessToken | null {
  if (row === null || row.access === null || row.accessUntil === null) return null;
  const seal = deps.seal();
  if (row.identity !== deps.grantsOf(inbox).identity || row.keyId !== seal.keyId) return null;
  const value = seal.open(row.access, `${inbox} access`);
  return value === null ? null : { value, until: row.accessUntil };
}

/** Chance keeps processes from all coming at one moment to the lock. */
function isDue({ random }: TokenDeps, row: TokenRow | null, now: Instant): boolean {
  if (row === null || row.accessUntil === null) return true;
  const life = row.accessUntil - (row.renewedAt ?? now);
  return now >= row.accessUntil - Math.min(EARLY_MAX, life / 4) * (1 + random());
}

/** What failed with another client or key says nothing of this one. */
function isResting(deps: TokenDeps, inbox: InboxId, row: TokenRow | null, now: Instant): boolean {
  if (row === null || row.failed === null || row.retryAt === null || now >= row.retryAt) return false;
  // A clock that was set back must not make it rest for days.
  if (row.retryAt > now + DAY) return false;
  return row.identity === deps.grantsOf(inbox).identity && row.keyId === deps.seal().keyId;
}

function lastResort(
  inbox: InboxId,
  row: TokenRow | null,
  known: AccessToken | null,
  refused: string | undefined,
  now: Instant,
): AccessToken {
  const value = lastResortOr(inbox, row, known, refused, now);
  if (value instanceof Failure) throw value;
  return value;
}

/** While renewing fails, the token at hand is used to its end. */
function lastResortOr(
  inbox: InboxId,
  row: TokenRow | null,
  known: AccessToken | null,
  refused: string | undefined,
  now: Instant,
): AccessToken | Failure {
  if (known !== null && known.value !== refused && known.until > now + USABLE_MIN) return known;
  return tokenFailure(inbox, row?.failed?.code ?? 'oauth-not-connected', row?.failed?.forGood ?? true);
}

function keptRow(
  { seal: sealNow, grantsOf }: Pick<TokenDeps, 'seal' | 'grantsOf'>,
  inbox: InboxId,
  { access, lasts, refresh, refreshLasts }: Granted,
  before: TokenRow | null,
  now: Instant,
): TokenRow {
  const seal = sealNow();
  const { identity } = grantsOf(inbox);
  const refreshUntil = refreshLasts === null ? null : now + refreshLasts;
  const isSame = before?.identity === identity && before.keyId === seal.keyId;
  const kept = isSame ? before : NOTHING;
  return {
    identity,
    keyId: seal.keyId,
    refresh: refresh === null ? kept.refresh : seal.close(refresh, `${inbox} refresh`),
    access: seal.close(access, `${inbox} access`),
    accessUntil: now + lasts,
    renewedAt: now,
    refreshUntil: refreshUntil ?? (refresh === null ? kept.refreshUntil : null),
    ...WELL,
  };
}

function failedRow(
  { seal, grantsOf, random }: TokenDeps,
  inbox: InboxId,
  row: TokenRow | null,
  failure: Failure,
  now: Instant,
  isRefused: boolean,
): TokenRow {
  const forGood = failure.kind === 'permanent';
  const failures = (row?.failures ?? 0) + 1;
  const growing = Math.min(PAUSE_MAX, PAUSE_MIN * 2 ** Math.min(failures - 1, 10));
  const pause = forGood ? REFUSED_PAUSE : Math.max(growing, Math.min(failure.pause ?? 0, PAUSE_MAX));
  const kept = row ?? { ...NOTHING, identity: grantsOf(inbox).identity, keyId: seal().keyId };
  return {
    ...kept,
    // A mail server that is shown it again and again locks the account.
    ...(isRefused ? { access: null, accessUntil: null } : {}),
    failed: { code: failure.code, at: row?.failed?.at ?? now, forGood },
    failures,
    retryAt: now + Math.round(pause * (1 + random() / 4)),
  };
}

const WELL = { failed: null, failures: 0, retryAt: null } as const;

/** What failed without the provider being asked is over as soon as what is kept can be read again. */
const isOurs = (row: TokenRow | null): boolean =>
  row?.failed?.code === 'oauth-key-changed' || row?.failed?.code === 'oauth-not-connected';

const NOTHING: Omit<TokenRow, 'identity' | 'keyId'> = {
  refresh: null,
  access: null,
  accessUntil: null,
  renewedAt: null,
  refreshUntil: null,
  ...WELL,
};

const SAID: Readonly<Record<string, (connect: string) => string>> = {
  'oauth-not-connected': (connect) => `nobody has signed in for it yet. Run ${connect}.`,
  'oauth-key-changed': (connect) =>
    `what was kept of the signing in was sealed with another key: "secret" has changed. Put the old one back, or run ${connect}.`,
  'oauth-revoked': (connect) =>
    `its provider takes the signing in back: it was revoked, has run out, or the password was changed. Run ${connect}.`,
  'oauth-refused': () =>
    "its provider refuses Baton's client. Check clientId, clientSecret or serviceAccount, tenant and permissions under oauth.",
};

/** In words that name no token and nothing that a provider said. */
function tokenFailure(inbox: InboxId, code: string, forGood = true): Failure {
  const said = SAID[code]?.(`"npx baton connect ${inbox}"`);
  const why = said ?? 'its provider gives no token at the moment; it is asked again.';
  return new Failure(
    forGood ? 'permanent' : 'temporary',
    code,
    `Cannot log in to the inbox ${inbox}: ${why}`,
  );
}
