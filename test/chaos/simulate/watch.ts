/** What must hold after every step, looked at where something changed: cheap, and never about what did not change. */
import { isDeepStrictEqual } from 'node:util';
import type { ParkedChange } from '../../../src/app/ports/parked.ts';
import type { Change, ConversationChange, MessageChange, NewNotice } from '../../../src/app/ports/store.ts';
import type { ConversationEvent } from '../../../src/domain/conversation/events.ts';
import { evolve } from '../../../src/domain/conversation/evolve.ts';
import { runningClocks } from '../../../src/domain/conversation/running-clocks.ts';
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { MemoryStore } from '../../support/memory-store.ts';
import type { Post } from './post.ts';
import type { Tally } from './tally.ts';

export type Watch = {
  committed(changes: readonly Change[]): void;
};

export type WatchContext = {
  readonly store: MemoryStore;
  readonly post: Post;
  readonly tally: Tally;
  /** By the clock of the database. */
  readonly now: () => Instant;
  /** A promise is broken. */
  readonly say: (what: string) => void;
};

export function watchOf({ store, post, tally, now, say }: WatchContext): Watch {
  const acknowledged = new Map<number, number>();
  const told = new Set<string>();
  const written = new Set<string>();

  function conversation({ before, after, events }: ConversationChange): void {
    const { id } = after;
    let state: Conversation | null = before;
    for (const event of events) {
      tally.add('event', event.type);
      if (event.type === 'offered' || event.type === 'climbed')
        tally.add('rung', `${event.type} ${event.rung}`);
      // A helper whom no mail reaches is not waited for.
      const isLost = event.type === 'help-silent' && events.some(({ type }) => type === 'not-reached');
      if (state !== null && !isLost) early(state, event);
      state = evolve(state, event);
    }
    tally.add('phase', after.phase);
    if (state !== null && !isDeepStrictEqual(state, after)) say(`request ${id} is not what its events say`);
    if ((after.accountable === null) !== (after.phase === 'done'))
      say(`request ${id} is ${after.phase}, and ${after.accountable ?? 'nobody'} answers for it`);
    if (after.phase !== 'done' && runningClocks(after).length === 0 && after.routed)
      say(`request ${id} is ${after.phase} and no clock watches it`);
  }

  /**
   * No clock fires before its time by the clock of the database, whatever the event says of when it was. A transaction
   * takes no time here, so that it is the same as within it.
   */
  function early(state: Conversation, event: ConversationEvent): void {
    const at = timeOf(state, event);
    if (at !== null && now() < at)
      say(`request ${state.id}: ${event.type} (event ${event.seq}) came ${(at - now()) / 1e6} s early`);
  }

  function ledger(id: number, after: Conversation, events: readonly ConversationEvent[]): void {
    const rows = store.ledger(id);
    const last = rows.at(-1);
    if (last?.member !== after.accountable) say(`request ${id}: the ledger names ${last?.member}`);
    for (let at = Math.max(0, rows.length - events.length - 2); at < rows.length; at += 1) {
      const [row, next] = [rows[at], rows[at + 1]];
      if (row === undefined) continue;
      if (row.untilAt !== (next?.fromAt ?? null) || row.untilAt === row.fromAt)
        say(`request ${id}: the ledger has a gap or an overlap after ${row.member}`);
      if (at === 0 && row.fromAt !== after.openedAt) say(`request ${id} begins without anybody`);
    }
  }

  function message({ id, stage, disposition, reason }: MessageChange): void {
    tally.add('disposition', disposition ?? stage);
    tally.add('reason', reason.code);
    const row = store.message(id);
    // A copy that was set aside without bytes has none to be known by.
    if (row.raw.byteLength === 0) return;
    const letter = post.letterOf(row.raw);
    if (letter.forged === true && (stage === 'replying' || disposition === 'command'))
      say(`message ${id} is forged and counts (${reason.code})`);
    if (letter.poison !== undefined && stage === 'settled' && !UNREAD.has(disposition ?? ''))
      say(`message ${id} cannot be read and is a ${disposition}`);
  }

  function parked({ before, after, events }: ParkedChange): void {
    for (const event of events) {
      tally.add('parked', event.type);
      const isByClock = event.type === 'reminded' || (event.type === 'moved' && event.why === 'silent');
      const due = before?.due ?? null;
      if (isByClock && due !== null && now() < due)
        say(`the clock of the parked mail ${after.id} ran out ${(due - now()) / 1e6} s early`);
    }
  }

  function notice({ draft }: NewNotice): void {
    const { conversationId: id, seq, body, recipient, dedupeKey } = draft;
    tally.add('notice', body.kind);
    if (body.kind === 'receipt') {
      for (const result of body.results) {
        if (result.ok) tally.add('verb', result.verb);
        else tally.add('rejection', result.rejection.code);
      }
    }
    if (id === null) return;
    if (body.kind === 'acknowledgement' && recipient.type === 'customer') {
      const count = (acknowledged.get(id) ?? 0) + 1;
      acknowledged.set(id, count);
      const changed = store.events(id).filter(({ type }) => type === 'customer-changed').length;
      if (count > 1 + changed) say(`request ${id} was confirmed ${count} times`);
    }
    if (body.kind === 'acknowledgement' || body.kind === 'receipt') return;
    const who =
      recipient.type === 'member' ? recipient.member : recipient.type === 'contact' ? recipient.contact : '';
    const same = `${id} ${seq} ${body.kind} ${who}`;
    if (told.has(same)) say(`${dedupeKey} tells the same to the same person twice`);
    told.add(same);
  }

  return {
    committed(changes) {
      for (const change of changes) {
        for (const one of change.conversations ?? []) conversation(one);
        // Two changes of one request in one transaction leave one ledger.
        const last = new Map((change.conversations ?? []).map((one) => [one.after.id, one]));
        for (const { after, events } of last.values())
          if (
            store.conversation(after.id) === after ||
            store.conversation(after.id).version === after.version
          )
            ledger(after.id, after, events);
        for (const one of change.messages ?? []) message(one);
        for (const one of change.notices ?? []) {
          // What was written before under its key is not written again.
          if (!written.has(one.draft.dedupeKey)) notice(one);
          written.add(one.draft.dedupeKey);
        }
        for (const one of change.parked ?? []) parked(one);
      }
    },
  };
}

const UNREAD: ReadonlySet<string> = new Set(['parked', 'duplicate', 'request']);

/** When the clock that brought this about ends; null: no clock did. */
function timeOf(state: Conversation, event: ConversationEvent): Instant | null {
  switch (event.type) {
    case 'lapsed':
      return state.offer?.acceptBy ?? null;
    case 'reminded':
      return state.remindAt;
    case 'asked-again':
      return state.offer?.reminders?.[0] ?? null;
    case 'answer-warned':
      return state.answer?.warnAt ?? null;
    case 'answer-missed':
      return state.answer?.by ?? null;
    case 'due-reached':
      return state.due?.at ?? null;
    case 'snooze-ended':
      return event.why === 'time' ? (state.snooze?.until ?? null) : null;
    case 'climbed':
      return event.cause === 'silent' && state.offer === null ? (state.climb?.at ?? null) : null;
    case 'help-reminded':
    case 'help-silent':
      return state.helps.find(({ seq }) => seq === event.help)?.remindAt ?? null;
    default:
      return null;
  }
}
