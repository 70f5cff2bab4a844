/** A board for tests of pages: no port, no database, and whoever the test says is signed in. */
import type { BoardContext, Pages, Viewer } from '../../src/adapters/web/board/context.ts';
import type { Place } from '../../src/adapters/web/board/place.ts';
import { type BoardOptions, boardApp, type Door } from '../../src/adapters/web/board/server.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { sightOf } from '../../src/domain/sight.ts';
import { MONDAY, testPolicy } from './policy.ts';

export const CSRF = 'the-token-of-the-form';

export const LOCAL: Place = { url: 'http://localhost:3000', host: '127.0.0.1', port: 0, proxies: [] };

/** A door that is open: everybody is this member, or nobody when they have left. */
export function signedInAs(member: MemberId, policy: Policy = testPolicy()): Door {
  const sight = sightOf(policy, member, MONDAY);
  const name = policy.members.get(member)?.name ?? member;
  const viewer: Viewer | null =
    sight === null ? null : { member, name, sight, timeZone: 'Europe/Berlin', csrf: CSRF };
  return { viewerOf: async () => viewer, toldOf: async () => null, routes: () => {} };
}

export const quiet: BoardOptions['log'] = { info: () => {}, warn: () => {}, error: () => {} };

/** `inject` into it what a browser would ask; close it at the end. */
export const testBoard = (
  door: Door,
  pages: readonly Pages[],
  context: BoardContext,
  changes: Partial<BoardOptions> = {},
) => boardApp({ place: LOCAL, context, door, pages, log: quiet, ...changes });
