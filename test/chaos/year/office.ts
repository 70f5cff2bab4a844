/**
 * Baton itself on the virtual clock: all of its domain and use cases over the store in memory, with doorbells that are
 * answered at once and a mail server that hands every mail to `deliver`.
 */
import { adoptPolicy } from '../../../src/app/adopt-policy.ts';
import { classifyMessages } from '../../../src/app/classify-message.ts';
import { deliverOutbox } from '../../../src/app/deliver-outbox.ts';
import { DEFAULT_LIMITS, type Deps } from '../../../src/app/deps.ts';
import { escalateOverdue } from '../../../src/app/escalate-overdue.ts';
import { NoModel } from '../../../src/app/look-into.ts';
import type { MailToCompose } from '../../../src/app/ports/mail-composer.ts';
import type { OutgoingMail, SendOutcome } from '../../../src/app/ports/mail-sender.ts';
import type { CurrentModel } from '../../../src/app/ports/model.ts';
import type { Store } from '../../../src/app/ports/store.ts';
import { releaseAbsentMembers } from '../../../src/app/release-absent-members.ts';
import { releaseFormerMembers } from '../../../src/app/release-former-members.ts';
import { applyReplies } from '../../../src/app/replies/apply-reply.ts';
import { routeConversations } from '../../../src/app/route-conversation.ts';
import { standingMails } from '../../../src/app/send-digests.ts';
import { sweepStale } from '../../../src/app/sweep-stale.ts';
import { watchParked } from '../../../src/app/watch-parked.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { SECOND } from '../../../src/domain/instant.ts';
import { renderNotice } from '../../../src/domain/notices/render.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { MemoryQueue } from '../../support/memory-queue.ts';
import { type MemoryStore, memoryStore } from '../../support/memory-store.ts';
import { noSenderCheck } from '../../support/no-sender-check.ts';
import { type SettableClock, settableClock } from '../../support/settable-clock.ts';
import type { Letters } from './letters.ts';

/** What a recipient sees of a mail. */
export type SeenMail = Pick<MailToCompose, 'replyTo' | 'messageId' | 'subject'> & { readonly to: string };

export type OfficeOptions = {
  readonly start: Instant;
  readonly letters: Letters;
  readonly policy: Policy;
  /** What the mail server says; a mail that it takes has arrived. */
  readonly take: (mail: SeenMail, outgoing: OutgoingMail) => SendOutcome;
  /** For tests of the judge: what the product is given in place of its store. */
  readonly spoil?: (store: Store) => Store;
  /** What was learned; absent: nothing. */
  readonly model?: CurrentModel;
};

export type Office = {
  readonly clock: SettableClock;
  readonly store: MemoryStore;
  readonly errors: string[];
  readonly policy: () => Policy;
  readonly secret: string;
  configure(policy: Policy): Promise<void>;
  /** Takes in mails, and works until every bell is answered. */
  takeIn(inbox: string, raws: readonly Uint8Array[]): Promise<void>;
  /** What the clock worker does every few seconds. */
  tick(): Promise<void>;
};

/** As workers/clock.ts has it. */
export const TICK = 5 * SECOND;

const SECRET = 'a secret for a year';

export async function openOffice({
  start,
  letters,
  policy: first,
  take,
  spoil,
  model = NoModel,
}: OfficeOptions): Promise<Office> {
  const clock = settableClock(start);
  const store = memoryStore({ clock });
  const queue = new MemoryQueue();
  const errors: string[] = [];
  let policy = first;
  let texts = 0;
  const deps: Deps = {
    store: spoil?.(store) ?? store,
    queue,
    parser: letters.parser,
    senderCheck: noSenderCheck,
    composer: { compose: async ({ replyTo, messageId, subject }) => seenAs({ replyTo, messageId, subject }) },
    render: inWordsNowAndThen(),
    senderOf: () => ({
      send: async (outgoing) => take({ ...seenIn(outgoing.raw), to: outgoing.envelopeTo }, outgoing),
      check: async () => null,
      close: async () => {},
    }),
    clock,
    policy: () => policy,
    secret: SECRET,
    model,
    newTextId: () => {
      texts += 1;
      return `text-${texts}`;
    },
    limits: DEFAULT_LIMITS,
    log: { info() {}, warn() {}, error: (_, message) => void errors.push(message) },
  };
  const mailboxes = new Map<string, { id: number; fence: number; lastUid: number }>();

  const guarded =
    (what: string, look: (ids: readonly number[]) => Promise<unknown>) =>
    async (ids: readonly number[]): Promise<void> => {
      try {
        await look(ids);
      } catch (error) {
        errors.push(`${what}: ${String((error as Error).stack ?? error)}`);
      }
    };
  await queue.listen(
    'classify',
    guarded('classify', (ids) => classifyMessages(deps, ids)),
  );
  await queue.listen(
    'route',
    guarded('route', (ids) => routeConversations(deps, ids)),
  );
  await queue.listen(
    'reply',
    guarded('reply', (ids) => applyReplies(deps, ids)),
  );
  await queue.listen(
    'deliver',
    guarded('deliver', (ids) => deliverOutbox(deps, ids)),
  );

  async function configure(next: Policy): Promise<void> {
    policy = await adoptPolicy(deps, next);
    await queue.drain();
  }

  async function mailboxOf(inboxId: string) {
    const known = mailboxes.get(inboxId);
    if (known !== undefined) return known;
    const watched = { inboxId, folder: 'INBOX', role: 'inbox', startFrom: null } as const;
    const lease = await store.leaseMailbox(watched, 'the poller', SECOND);
    if (lease.type === 'taken') throw new Error('bug: there is one poller in this office');
    const opened = { id: lease.mailbox.id, fence: lease.mailbox.fence, lastUid: 0 };
    mailboxes.set(inboxId, opened);
    return opened;
  }

  const standing = standingMails();
  const parts: readonly [string, () => Promise<unknown>][] = [
    ['release', () => releaseFormerMembers(deps)],
    ['absences', () => releaseAbsentMembers(deps)],
    ['escalate', () => untilNothing(() => escalateOverdue(deps))],
    ['parked', () => untilNothing(() => watchParked(deps))],
    ['sweep', () => sweepStale(deps)],
    ['standing', () => standing(deps)],
  ];

  await configure(first);
  for (const inboxId of first.inboxes.keys()) await mailboxOf(inboxId);
  return {
    clock,
    store,
    errors,
    policy: () => policy,
    secret: SECRET,
    configure,
    async takeIn(inboxId, raws) {
      const mailbox = await mailboxOf(inboxId);
      const before = { uidValidity: mailbox.lastUid === 0 ? null : '1', lastUid: mailbox.lastUid };
      mailbox.lastUid += raws.length;
      const ids = await store.saveBatch({
        ...{
          mailboxId: mailbox.id,
          fence: mailbox.fence,
          uidValidity: '1',
          before,
          lastUid: mailbox.lastUid,
        },
        messages: raws.map((raw, index) => ({
          uid: before.lastUid + index + 1,
          receivedAt: clock.now(),
          size: raw.byteLength,
          raw,
          rawHash: Buffer.from(raw).toString(),
        })),
      });
      await queue.ring('classify', ids);
      await queue.drain();
    },
    async tick() {
      for (const [part, run] of parts) await guarded(part, run)([]);
      await queue.drain();
    },
  };
}

/** Words are tried elsewhere, and would take most of the time: one mail of so many has them. */
const WORDED = 25;

function inWordsNowAndThen(): NonNullable<Deps['render']> {
  const counts = new Map<string, number>();
  return (view) => {
    const { kind } = view.notice.body;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return count % WORDED === 0 ? renderNotice(view) : { subject: kind, text: kind, html: null };
  };
}

/** One that moves nothing any more ends it; so many passes without rest are a bug. */
async function untilNothing(pass: () => Promise<number>): Promise<void> {
  for (let count = 0; (await pass()) > 0; count += 1) {
    if (count > 10_000) throw new Error('a tick does not come to rest');
  }
}

type Seen = Omit<SeenMail, 'to'>;
const seenAs = (mail: Seen): Uint8Array => Buffer.from(JSON.stringify(mail));
const seenIn = (raw: Uint8Array): Seen => JSON.parse(Buffer.from(raw).toString()) as Seen;
