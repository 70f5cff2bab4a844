/** Mail that could not be read, in the memory store. */
import type { ParkedChange } from '../../../src/app/ports/parked.ts';
import type { MemberId, MessageId } from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { PlaceView } from '../../../src/domain/notices/view.ts';
import { fold, isOpen, type OpenParked, type Parked } from '../../../src/domain/parked/parked.ts';
import { byNumber, keep, mustGet, refuseUnless, type Tables } from './tables.ts';

export const openParked = (tables: Tables): OpenParked[] => tables.parked.values().filter(isOpen);

export const findParkedDue = (tables: Tables, limit: number, now: Instant): MessageId[] =>
  openParked(tables)
    .filter(({ due }) => due <= now)
    .sort((a, b) => a.due - b.due || a.id - b.id)
    .slice(0, limit)
    .map(({ id }) => id);

export const parkedOf = (tables: Tables, members: readonly MemberId[]): MessageId[] =>
  openParked(tables)
    .filter(({ accountable }) => members.includes(accountable))
    .map(({ id }) => id)
    .sort(byNumber);

export function readPlace(tables: Tables, id: MessageId): PlaceView | null {
  const row = tables.messages.get(id);
  if (row === undefined) return null;
  const { folder } = mustGet(tables.mailboxes, row.mailboxId, 'mailbox');
  return { folder, receivedAt: row.receivedAt, size: row.size };
}

/** Made anew from its events each time, as the database does. */
export const findParked = (tables: Tables, id: MessageId): Parked | null =>
  fold(id, tables.parkedEvents.get(id) ?? []);

export function writeParked(tables: Tables, { before, after, events }: ParkedChange): void {
  const { id } = after;
  mustGet(tables.messages, id, 'message');
  mustGet(tables.inboxes, after.inboxId, 'inbox');
  mustGet(tables.members, after.accountable, 'member');
  const known = tables.parkedEvents.get(id) ?? [];
  refuseUnless(known.length === (before?.version ?? 0), `parked mail ${id} is at the version that was read`);
  const history = [...known, ...keep(events)];
  refuseUnless(history.length === after.version, `parked mail ${id}: its events follow each other`);
  tables.parkedEvents.set(id, history);
  tables.parked.set(id, keep(after));
}
