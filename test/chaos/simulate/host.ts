/** One process of Baton: every worker of it, with ports that fail, clocks that err, and a death at any call. */
import { adoptPolicy } from '../../../src/app/adopt-policy.ts';
import { type BoardOrder, carryOutOrder, type OrderOutcome } from '../../../src/app/board-order.ts';
import { classifyMessages } from '../../../src/app/classify-message.ts';
import { deliverOutbox } from '../../../src/app/deliver-outbox.ts';
import { DEFAULT_LIMITS, type Deps } from '../../../src/app/deps.ts';
import { Doubt } from '../../../src/app/doubtful-mail.ts';
import { escalateOverdue } from '../../../src/app/escalate-overdue.ts';
import { ingestMailbox } from '../../../src/app/ingest-mailbox.ts';
import { letTimePass, type Part } from '../../../src/app/let-time-pass.ts';
import { NoModel } from '../../../src/app/look-into.ts';
import { lookUnrung } from '../../../src/app/look-unrung.ts';
import type { Log } from '../../../src/app/ports/log.ts';
import type { MailComposer } from '../../../src/app/ports/mail-composer.ts';
import type { MailParser } from '../../../src/app/ports/mail-parser.ts';
import type { MailSender } from '../../../src/app/ports/mail-sender.ts';
import type { MailboxReader } from '../../../src/app/ports/mailbox-reader.ts';
import type { PageChannel, Pages } from '../../../src/app/ports/pages.ts';
import { type Bell, NoBells, type Queue } from '../../../src/app/ports/queue.ts';
import type { Store, WatchedFolder } from '../../../src/app/ports/store.ts';
import { reconcileMailbox } from '../../../src/app/reconcile-mailbox.ts';
import { releaseAbsentMembers } from '../../../src/app/release-absent-members.ts';
import { releaseFormerMembers } from '../../../src/app/release-former-members.ts';
import { applyReplies } from '../../../src/app/replies/apply-reply.ts';
import { routeConversations } from '../../../src/app/route-conversation.ts';
import { standingMails } from '../../../src/app/send-digests.ts';
import { sendPages } from '../../../src/app/send-pages.ts';
import { sweepStale } from '../../../src/app/sweep-stale.ts';
import { WATCH_LEASE } from '../../../src/app/watch-mailbox.ts';
import { watchParked } from '../../../src/app/watch-parked.ts';
import { type Duration, HOUR, type Instant } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { MemoryNotes } from '../../support/memory-notes.ts';
import { noSenderCheck } from '../../support/no-sender-check.ts';

export type HostPorts = {
  readonly store: Store;
  readonly parser: MailParser;
  readonly composer: MailComposer;
  readonly sender: MailSender;
  readonly ring: Queue['ring'];
  readonly readerOf: (inbox: string) => MailboxReader;
  readonly notes: MemoryNotes;
  readonly pages: Pages;
  readonly channel: PageChannel;
  readonly render: NonNullable<Deps['render']>;
  readonly newTextId: () => string;
  readonly log: Log;
};

export type Host = {
  readonly name: string;
  readonly deps: Deps;
  answer(bell: Bell, ids: readonly number[]): Promise<void>;
  tick(): Promise<void>;
  patrol(): Promise<void>;
  /** Takes in what the folder holds; `compare`: and counts it against the server. Answers whether it was its turn. */
  poll(folder: WatchedFolder, compare: boolean): Promise<boolean>;
  configure(policy: Policy): Promise<void>;
  /** Sends the pages that are due. */
  page(): Promise<void>;
  /** Carries out what a member ordered on the board. */
  order(order: BoardOrder): Promise<OrderOutcome>;
};

export const SECRET = 'a secret for many lives';

/** `policy` null: none was adopted yet. */
export function hostOf(
  name: string,
  ports: HostPorts,
  policyNow: () => Policy | null,
  now: () => Instant,
): Host {
  let policy: Policy | null = null;
  const inForce = (): Policy => {
    const known = policy ?? policyNow();
    if (known === null) throw new Error('bug: nothing runs before there is a policy');
    return known;
  };
  const deps: Deps = {
    store: ports.store,
    queue: { ...NoBells, ring: ports.ring },
    parser: ports.parser,
    senderCheck: noSenderCheck,
    composer: ports.composer,
    render: ports.render,
    senderOf: () => ports.sender,
    clock: { now },
    policy: inForce,
    model: NoModel,
    secret: SECRET,
    newTextId: ports.newTextId,
    limits: DEFAULT_LIMITS,
    log: ports.log,
  };
  const looks: Readonly<Record<Bell, (ids: readonly number[]) => Promise<unknown>>> = {
    classify: (ids) => classifyMessages(deps, ids),
    route: (ids) => routeConversations(deps, ids),
    reply: (ids) => applyReplies(deps, ids),
    deliver: (ids) => deliverOutbox(deps, ids),
  };
  const parts: readonly Part[] = [
    ['release', releaseFormerMembers],
    ['absences', releaseAbsentMembers],
    ['escalate', escalateOverdue, 'batches'],
    ['parked', watchParked, 'batches'],
    ['sweep', sweepStale],
    ['standing', standingMails()],
  ];
  const { signal } = new AbortController();
  const doubts = new Map<string, { readonly found: Doubt; readonly missing: Doubt }>();
  const doubtOf = ({ inboxId, folder }: WatchedFolder) => {
    const known = doubts.get(`${inboxId}/${folder}`) ?? { found: new Doubt(now), missing: new Doubt(now) };
    doubts.set(`${inboxId}/${folder}`, known);
    return known;
  };
  const lease = (folder: WatchedFolder, length: Duration = WATCH_LEASE) =>
    deps.store.leaseMailbox(folder, name, length);

  return {
    name,
    deps,
    answer: async (bell, ids) => void (await looks[bell](ids)),
    tick: () => letTimePass(deps, parts, signal),
    async patrol() {
      for (const [bell, look] of Object.entries(looks) as [Bell, (typeof looks)[Bell]][])
        await lookUnrung(deps, bell, async (ids) => void (await look(ids)));
    },
    async poll(folder, compare) {
      const held = await lease(folder);
      if (held.type === 'taken') return false;
      const doubt = doubtOf(folder);
      const session = await ports.readerOf(folder.inboxId).open(folder.folder, signal);
      try {
        await ingestMailbox(deps, held.mailbox, session, signal, doubt.found);
        if (!compare) return true;
        const again = await lease(folder);
        if (again.type === 'taken' || again.mailbox.fence !== held.mailbox.fence) return false;
        await reconcileMailbox(
          { ...deps, notes: ports.notes },
          again.mailbox,
          session,
          null,
          signal,
          doubt.missing,
        );
        return true;
      } finally {
        await session.close();
      }
    },
    async configure(next) {
      policy = await adoptPolicy(deps, next);
    },
    async page() {
      const { pages, channel } = ports;
      await sendPages({ ...deps, pages, channel, words: false, giveUpAfter: HOUR });
    },
    order: (order) => carryOutOrder(deps, order),
  };
}
