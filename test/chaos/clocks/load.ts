/** Requests that come in while the clocks are set: each has something that will run out, and nobody does anything about it. */
import { noticesOf } from '../../../src/app/new-notice.ts';
import type { MessageChange, Store } from '../../../src/app/ports/store.ts';
import { decideCommand, type MemberCommand } from '../../../src/domain/conversation/commands.ts';
import { arrive, decide } from '../../../src/domain/conversation/decide.ts';
import type { Decision } from '../../../src/domain/conversation/step.ts';
import type { ConversationId, InboxId, MemberId, MessageId } from '../../../src/domain/ids.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { customer, mailOf, settled, takeIn } from '../../bench/scale/seed.ts';

export type Office = {
  readonly store: Store;
  readonly policy: Policy;
  readonly secret: string;
  readonly inboxId: InboxId;
  /** Who are asked in turn. */
  readonly chain: readonly MemberId[];
};

/** Takes so many in, the first of them under this number, and has them asked for, taken, snoozed and helped with. */
export async function requestsComeIn(office: Office, from: number, count: number): Promise<void> {
  const { store, policy, secret } = office;
  const messages = await takeIn(store, office.inboxId, from, count);
  const storedAt = new Map((await store.beginClassify(messages)).map((one) => [one.id, one.storedAt]));
  await store.transact([], async (tx) => {
    const ids = await tx.reserveConversations(count);
    const now = await tx.now();
    const stories = ids.map((id, index) => {
      const [messageId = 0, memberMail = 0] = messages.slice(2 * index, 2 * index + 2);
      const number = from + index;
      return {
        number,
        messageId,
        memberMail,
        ...begun(office, { number, id, messageId, storedAt: storedAt.get(messageId) ?? now, now }),
      };
    });
    await tx.write({
      conversations: stories.map(({ number, state, events }) => ({
        ...{ before: null, after: state, events },
        words: { subject: `Tap ${number} drips`, customer: customer(number) },
      })),
      messages: stories.flatMap(({ number, messageId, memberMail, state }): MessageChange[] => {
        const { id, owner: member } = state;
        const author =
          member === null ? customer(number) : { name: member, address: `${member}@team.example` };
        const second = settled(
          memberMail,
          member === null ? 'follow-up' : 'teammate-note',
          id,
          mailOf(`b${number}`, author),
        );
        return [
          settled(messageId, 'request', id, mailOf(`a${number}`, customer(number))),
          { ...second, ...(member !== null && { member }) },
        ];
      }),
      notices: noticesOf(
        { secret, policy: () => policy },
        stories.flatMap(({ notices }) => notices),
        now,
      ),
    });
  });
}

type Beginning = {
  readonly number: number;
  readonly id: ConversationId;
  readonly messageId: MessageId;
  readonly storedAt: Instant;
  readonly now: Instant;
};

function begun(
  { policy, inboxId, chain }: Office,
  { number, id, messageId, storedAt, now }: Beginning,
): Decision {
  const reason = { code: 'test', sentence: 'a test says so' };
  const arrival = {
    ...{ conversationId: id, inboxId, messageId, storedAt, author: null, acknowledge: 'none' as const },
    ...{ person: true, text: null },
    classified: { category: null, priority: 'normal' as const, ruleId: null, reason },
  };
  const steps: Decision[] = [arrive(arrival, policy)];
  const state = () => steps.at(-1)?.state ?? never();
  steps.push(decide(state(), { type: 'routed', chain, reason }, now, policy));
  const asked = state().offer?.to;
  for (const command of asked === undefined ? [] : ordersOf(number, now, chain)) {
    const context = { by: asked ?? '', messageId: null, shown: messageId, answered: 0, now, policy };
    steps.push(decideCommand(state(), command, context));
  }
  return {
    state: state(),
    events: steps.flatMap(({ events }) => events),
    notices: steps.flatMap(({ notices }) => notices),
  };
}

function ordersOf(number: number, now: Instant, chain: readonly MemberId[]): MemberCommand[] {
  const until = now + 5 * SECOND + (number % 100) * MINUTE;
  switch (number % 5) {
    case 0:
      return [{ verb: 'accept' }, { verb: 'snooze', until, note: null }];
    case 1:
      return [{ verb: 'accept' }, { verb: 'due', by: until + HOUR }];
    case 2:
      return [{ verb: 'accept' }, { verb: 'help-from', to: chain.at(-1) ?? '', text: null }];
    case 3:
      return [{ verb: 'accept' }];
    default:
      return [];
  }
}

function never(): never {
  throw new Error('bug: it has begun');
}
