/**
 * A mail that nothing could read, and what has happened to it since it was set aside: who answers for it, who was told,
 * when the next person is asked. Events hold ids, codes and instants, and `evolve` is the only function that makes a
 * state of them.
 *
 * Until somebody decides, exactly one person answers for it and there is one next instant: the state has no other form.
 * Who had it read again has decided; when that fails it is set aside once more and goes on where it stood.
 */
import assert from 'node:assert/strict';
import type { InboxId, MemberId, MessageId } from '../ids.ts';
import type { Instant } from '../instant.ts';

export type ParkedEvent = ParkedEventBody & { readonly seq: number; readonly at: Instant };

export type ParkedEventBody =
  /** It could not be read, for the first time or once more. */
  | {
      readonly type: 'set-aside';
      readonly inboxId: InboxId;
      readonly to: MemberId;
      readonly rung: Rung;
      readonly due: Instant;
      readonly code: string;
    }
  /** From now on another answers for it. */
  | {
      readonly type: 'moved';
      readonly to: MemberId;
      readonly why: MovedWhy;
      readonly rung: Rung;
      readonly due: Instant;
    }
  | { readonly type: 'reminded'; readonly rung: Rung; readonly due: Instant }
  /** A teammate had somebody told of it, who may decide as well; who answers for it stays. */
  | { readonly type: 'told'; readonly to: MemberId; readonly by: MemberId }
  /** News of it did not reach somebody. */
  | { readonly type: 'not-reached'; readonly member: MemberId }
  /** `at-the-server`: whoever looks after the server did it in their name. */
  | {
      readonly type: 'decided';
      readonly how: Decision;
      readonly by: MemberId;
      readonly where: 'by-mail' | 'on-the-board' | 'at-the-server';
    };

/** The front desk, or whoever stands in; at the end the final manager, who is reminded until somebody decides. */
export type Rung = 'front-desk' | 'final';

export type MovedWhy = 'silent' | 'not-reached' | 'away' | 'left';

/** It becomes a request, it needs nothing, it is read once more. */
export type Decision = 'request' | 'dismiss' | 'retry';

export type Parked = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  readonly version: number;
  readonly lastEventAt: Instant;
  /** When it was set aside for the first time. */
  readonly since: Instant;
  /** How often it could not be read, and the code of why. */
  readonly times: number;
  readonly code: string;
  readonly accountable: MemberId;
  readonly accountableSince: Instant;
  readonly rung: Rung;
  /** Everybody who was told since it was last set aside. */
  readonly told: readonly MemberId[];
  /** Of these, whom no mail of it reaches. */
  readonly unreached: readonly MemberId[];
} & (Open | Decided);

export type Open = { readonly decided: null; readonly due: Instant };
export type Decided = {
  readonly decided: { readonly how: Decision; readonly by: MemberId; readonly at: Instant };
  readonly due: null;
};

export type OpenParked = Parked & Open;

export const isOpen = (parked: Parked | null): parked is OpenParked => parked !== null && parked.due !== null;

export function evolve(id: MessageId, before: Parked | null, event: ParkedEvent): Parked {
  if (event.type === 'set-aside') return setAside(id, before, event);
  assert.ok(before !== null && isOpen(before), `mail ${id} is set aside and waits for a decision`);
  assert.equal(event.seq, before.version + 1, `mail ${id}: events follow each other`);
  assert.ok(event.at > before.lastEventAt, `mail ${id}: time goes on`);
  const now: OpenParked = { ...before, version: event.seq, lastEventAt: event.at };
  switch (event.type) {
    case 'moved': {
      const { to, rung, due, at } = event;
      const accountableSince = to === now.accountable ? now.accountableSince : at;
      return { ...now, accountable: to, accountableSince, rung, due, told: withOne(now.told, to) };
    }
    case 'reminded':
      return { ...now, rung: event.rung, due: event.due };
    case 'told':
      return { ...now, told: withOne(now.told, event.to) };
    case 'not-reached':
      return { ...now, unreached: withOne(now.unreached, event.member) };
    case 'decided': {
      const { how, by, at } = event;
      return { ...now, due: null, decided: { how, by, at } };
    }
    default:
      return event satisfies never;
  }
}

function setAside(id: MessageId, before: Parked | null, event: ParkedEvent & { type: 'set-aside' }): Parked {
  const { seq, at, inboxId, to, rung, due, code } = event;
  assert.ok(before === null || before.decided?.how === 'retry', `mail ${id} was to be read`);
  assert.equal(seq, (before?.version ?? 0) + 1, `mail ${id}: events follow each other`);
  assert.ok(before === null || at > before.lastEventAt, `mail ${id}: time goes on`);
  return {
    id,
    inboxId,
    version: seq,
    lastEventAt: at,
    since: before?.since ?? at,
    times: (before?.times ?? 0) + 1,
    code,
    accountable: to,
    accountableSince: before?.accountable === to ? before.accountableSince : at,
    rung,
    told: [to],
    unreached: [],
    decided: null,
    due,
  };
}

/** null: nothing has happened. */
export const fold = (id: MessageId, events: readonly ParkedEvent[]): Parked | null =>
  events.reduce<Parked | null>((state, event) => evolve(id, state, event), null);

const withOne = (list: readonly MemberId[], one: MemberId): readonly MemberId[] =>
  list.includes(one) ? list : [...list, one];
