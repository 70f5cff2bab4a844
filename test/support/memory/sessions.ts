/** Sessions over the links of the memory store. */
import type { Clock } from '../../../src/app/ports/clock.ts';
import type { LinkOpened, Sessions } from '../../../src/app/ports/door.ts';
import type { MemberId } from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { SESSION_IDLE, SESSION_LIFE } from '../../../src/domain/sign-in.ts';
import type { Inspection } from '../memory-store.ts';

type Session = { member: MemberId; begunAt: Instant; seenAt: Instant; told: string | null };

export function memorySessions(store: Pick<Inspection, 'signIns' | 'orders'>, clock: Clock): Sessions {
  const sessions = new Map<string, Session>();
  const used = new Set<string>();
  const usable = ({ tokenHash, browser }: LinkOpened) =>
    store
      .signIns()
      .find(
        (link) =>
          link.tokenHash === tokenHash &&
          link.browser === browser &&
          !used.has(link.id) &&
          link.expiresAt > clock.now(),
      );
  const isAlive = ({ seenAt, begunAt }: Session) =>
    seenAt > clock.now() - SESSION_IDLE && begunAt > clock.now() - SESSION_LIFE;
  return {
    peek: async (link) => usable(link)?.member ?? null,
    async begin(link, hash) {
      const found = usable(link);
      if (found === undefined) return null;
      used.add(found.id);
      const { member } = found;
      sessions.set(hash, { member, begunAt: clock.now(), seenAt: clock.now(), told: null });
      return member;
    },
    async find(hash) {
      const session = sessions.get(hash);
      if (session === undefined || !isAlive(session)) return null;
      session.seenAt = clock.now();
      return { member: session.member, begunAt: session.begunAt };
    },
    async end(hash) {
      sessions.delete(hash);
    },
    async endAll(member) {
      for (const [hash, session] of sessions) if (session.member === member) sessions.delete(hash);
      for (const link of store.signIns()) if (link.member === member) used.add(link.id);
    },
    async tell(hash, order) {
      const session = sessions.get(hash);
      if (session !== undefined) session.told = order;
    },
    async takeTold(hash) {
      const session = sessions.get(hash);
      const order = store.orders().find(({ id }) => id === session?.told);
      if (session === undefined || order === undefined) return null;
      session.told = null;
      return { carriedOut: order.carriedOut, receipt: order.receipt, at: order.at };
    },
    async forget() {},
  };
}
