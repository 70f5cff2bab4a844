/** When a provider is asked for tokens, and when it is left in peace. */
import { describe, expect, test } from 'vitest';
import { sealWith } from '../../src/adapters/oauth/seal.ts';
import { accessTokens, keepSignIn, type TokenDeps } from '../../src/app/access-tokens.ts';
import { Failure } from '../../src/app/failures.ts';
import type { Granted } from '../../src/app/ports/access-tokens.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { memoryTokenRows } from '../support/memory-token-rows.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';

const INBOX = 'office';

function scene(changes: { random?: number; needsPerson?: boolean } = {}) {
  const clock = settableClock(MONDAY);
  const rows = memoryTokenRows(clock);
  const asked: (string | null)[] = [];
  let fails: Failure | null = null;
  let secret = 'a secret of the configuration, long enough';
  let identity = 'client one';
  let given = 0;
  const grants = {
    identity,
    needsPerson: changes.needsPerson ?? true,
    async renew(refresh: string | null): Promise<Granted> {
      asked.push(refresh);
      await Promise.resolve();
      if (fails !== null) throw fails;
      given += 1;
      const next = refresh === null ? null : `refresh ${given}`;
      return { access: `access ${given}`, lasts: HOUR, refresh: next, refreshLasts: null };
    },
  };
  const deps = (): TokenDeps => ({
    rows,
    seal: () => sealWith(secret),
    grantsOf: () => ({ ...grants, identity }),
    random: () => changes.random ?? 0,
  });
  return {
    ...{ clock, rows, asked },
    /** As another process would have it. */
    process: () => accessTokens(deps()),
    connect: (refresh = 'refresh 0') =>
      keepSignIn(deps(), INBOX, { access: 'access 0', lasts: HOUR, refresh, refreshLasts: null }),
    fail: (failure: Failure | null) => {
      fails = failure;
    },
    changeSecret: (to: string) => {
      secret = to;
    },
    changeClient: (to: string) => {
      identity = to;
    },
    of: async (refused?: string) => (await accessTokens(deps()).of(INBOX, refused)).value,
  };
}

const revoked = () => new Failure('permanent', 'oauth-revoked', 'revoked');
const away = (pause: number | null = null) =>
  new Failure('temporary', 'oauth-unavailable', 'away', { pause });

describe('a token', () => {
  test('is used again until some minutes before its end', async () => {
    const { of, connect, clock, asked } = scene();
    await connect();
    clock.advance(54 * MINUTE);
    expect(await of()).toBe('access 0');
    expect(asked).toEqual([]);
    clock.advance(MINUTE);
    expect(await of()).toBe('access 1');
    expect(asked).toEqual(['refresh 0']);
  });

  test('is renewed earlier by chance, so that processes do not come at one moment', async () => {
    const { of, connect, clock } = scene({ random: 0.9 });
    await connect();
    clock.advance(51 * MINUTE);
    expect(await of()).toBe('access 1');
  });

  test('is asked for once by however many processes, and all have the same', async () => {
    const { process, connect, clock, asked } = scene();
    await connect();
    clock.advance(HOUR);
    const got = await Promise.all(Array.from({ length: 8 }, () => process().of(INBOX)));
    expect(new Set(got.map(({ value }) => value))).toEqual(new Set(['access 1']));
    expect(asked).toEqual(['refresh 0']);
  });

  test('comes with the refresh token that the provider gave last, not with the first', async () => {
    const { of, connect, clock, asked } = scene();
    await connect();
    for (let hour = 0; hour < 3; hour += 1) {
      clock.advance(HOUR);
      await of();
    }
    expect(asked).toEqual(['refresh 0', 'refresh 1', 'refresh 2']);
  });

  test('that a mail server refuses is replaced once, and others who had it refused read the new one', async () => {
    const { of, connect, asked } = scene();
    await connect();
    expect(await of('access 0')).toBe('access 1');
    expect(await of('access 0')).toBe('access 1');
    expect(asked).toHaveLength(1);
  });

  test('needs no person where the program itself is known to the provider', async () => {
    const { of, clock, asked } = scene({ needsPerson: false });
    expect(await of()).toBe('access 1');
    clock.advance(HOUR);
    expect(await of()).toBe('access 2');
    expect(asked).toEqual([null, null]);
  });

  test('cannot be read from what is kept of it', async () => {
    const { of, connect, clock, rows } = scene();
    await connect('refresh-of-a-person');
    clock.advance(HOUR);
    await of();
    const { refresh, access, ...rest } = rows.rows.get(INBOX) ?? {};
    const kept = [refresh, access].map((sealed) => Buffer.from(sealed ?? []).toString('latin1')).join();
    expect(kept).not.toMatch(/refresh|access/);
    expect(JSON.stringify(rest)).not.toMatch(/refresh-of|access \d|refresh \d/);
  });
});

describe('a provider that gives no token', () => {
  test('for now is asked again after a growing pause, and the token at hand is used to its end', async () => {
    const { of, connect, clock, asked, fail } = scene();
    await connect();
    fail(away());
    clock.advance(56 * MINUTE);
    expect(await of()).toBe('access 0');
    expect(await of()).toBe('access 0');
    expect(asked).toHaveLength(1);
    clock.advance(10 * SECOND);
    await of();
    clock.advance(10 * SECOND);
    await of();
    expect(asked).toHaveLength(2);
    clock.advance(4 * MINUTE);
    await expect(of()).rejects.toMatchObject({ kind: 'temporary', code: 'oauth-unavailable' });
    fail(null);
    clock.advance(5 * MINUTE);
    expect(await of()).toBe('access 1');
  });

  test('and names a pause is given that, and no day of it', async () => {
    const { of, connect, clock, asked, fail } = scene();
    await connect();
    clock.advance(HOUR);
    fail(away(2 * MINUTE));
    await expect(of()).rejects.toThrow(Failure);
    clock.advance(2 * MINUTE - SECOND);
    await expect(of()).rejects.toThrow(Failure);
    expect(asked).toHaveLength(1);
    clock.advance(SECOND);
    fail(away(DAY));
    await expect(of()).rejects.toThrow(Failure);
    clock.advance(5 * MINUTE);
    await expect(of()).rejects.toThrow(Failure);
    expect(asked).toHaveLength(3);
  });

  test('any more is left in peace, says so in the row, and gives again at once when somebody has signed in', async () => {
    const { of, connect, clock, asked, fail, rows } = scene();
    await connect();
    clock.advance(HOUR);
    const since = clock.now();
    fail(revoked());
    for (let minute = 0; minute < 15; minute += 1) {
      await expect(of()).rejects.toMatchObject({ kind: 'permanent', code: 'oauth-revoked' });
      clock.advance(MINUTE);
    }
    expect(asked).toHaveLength(1);
    expect(rows.rows.get(INBOX)?.failed).toEqual({ code: 'oauth-revoked', at: since, forGood: true });
    await expect(of()).rejects.toThrow('Run "npx baton connect office".');
    expect(asked).toHaveLength(2);
    fail(null);
    await connect('refresh of a new sign-in');
    expect(await of()).toBe('access 0');
    expect(rows.rows.get(INBOX)?.failed).toBeNull();
  });

  test('and takes back the one at hand is not asked for it by each of many logins', async () => {
    const { of, connect, asked, fail } = scene();
    await connect();
    fail(revoked());
    for (let login = 0; login < 5; login += 1)
      await expect(of('access 0')).rejects.toMatchObject({ code: 'oauth-revoked' });
    expect(asked).toHaveLength(1);
  });
});

describe('a sign-in', () => {
  test('that nobody made yet is told as that, with what to do', async () => {
    const { of, asked } = scene();
    await expect(of()).rejects.toMatchObject({ kind: 'permanent', code: 'oauth-not-connected' });
    await expect(of()).rejects.toThrow('nobody has signed in for it yet. Run "npx baton connect office".');
    expect(asked).toEqual([]);
  });

  test('kept under another secret is told as that, and good again when the secret is put back', async () => {
    const { of, connect, changeSecret, asked } = scene();
    await connect();
    changeSecret('another secret of the configuration');
    await expect(of()).rejects.toMatchObject({ kind: 'permanent', code: 'oauth-key-changed' });
    await expect(of()).rejects.toThrow('"secret" has changed');
    changeSecret('a secret of the configuration, long enough');
    expect(await of()).toBe('access 0');
    expect(asked).toEqual([]);
  });

  test('with another client is not used, and good again when the client is put back', async () => {
    const { of, connect, changeClient, asked } = scene();
    await connect();
    changeClient('client two');
    await expect(of()).rejects.toMatchObject({ code: 'oauth-not-connected' });
    changeClient('client one');
    expect(await of()).toBe('access 0');
    expect(asked).toEqual([]);
  });
});

describe('a seal', () => {
  const seal = sealWith('a secret of the configuration, long enough');

  test('opens what it closed and only in its place', () => {
    const sealed = seal.close('häagen', 'office refresh');
    expect(seal.open(sealed, 'office refresh')).toBe('häagen');
    expect(seal.open(sealed, 'office access')).toBeNull();
    expect(sealWith('another secret').open(sealed, 'office refresh')).toBeNull();
  });

  test('does not open what was changed by one bit, or cut', () => {
    const sealed = Buffer.from(seal.close('token', 'here'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(seal.open(changed, 'here')).toBeNull();
      expect(seal.open(sealed.subarray(0, at), 'here')).toBeNull();
    }
  });

  test('never looks the same twice', () => {
    expect(seal.close('token', 'here')).not.toEqual(seal.close('token', 'here'));
  });
});
