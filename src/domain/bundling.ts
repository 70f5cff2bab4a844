/**
 * When mails to a member stand together in one. Escalations that are not urgent: the first goes at once, and what
 * follows within the hour comes in one mail. Of everything else: above so many mails an hour, what came within one span
 * is read at once or not at all. Nothing is dropped, and nothing waits longer than its own time allows.
 */
import { type Duration, type Instant, MINUTE } from './instant.ts';
import { ESCALATION_WAIT } from './notices/escalation.ts';
import type { NoticeBody } from './notices/notice.ts';

/** Shorter than any clock that a question to a member runs on. */
export const BUNDLE_SPAN: Duration = 5 * MINUTE;

/**
 * Whether a mail may wait for others. What answers a member they wait for; what a colleague or a helper asks or answers
 * is read by itself, and people do not write these so fast.
 */
export const mayBeBundled = ({ kind }: NoticeBody): boolean => !Alone.has(kind);

const Alone: ReadonlySet<NoticeBody['kind']> = new Set([
  'bundle',
  'digest',
  'morning-list',
  'weekly-report',
  'receipt',
  'sign-in',
  'handoff',
  'help-asked',
  'help-answered',
]);

export type BundlingPlan<Item> = {
  readonly each: readonly Item[];
  /** The same instant for all that was made within one span, so that they meet. */
  readonly wait: readonly { readonly item: Item; readonly until: Instant }[];
  readonly together: readonly Item[];
};

/** What becomes of mails to one member, oldest first, who was sent so many within the last hour. */
export function planBundling<Item extends { readonly createdAt: Instant }>(
  items: readonly Item[],
  sent: number,
  perHour: number,
  now: Instant,
): BundlingPlan<Item> {
  const room = Math.max(0, perHour - sent);
  const above = items.slice(room).map((item) => ({ item, until: spanEnd(item.createdAt) }));
  const ripe = above.filter(({ until }) => until <= now).map(({ item }) => item);
  const wait = above.filter(({ until }) => until > now);
  const alone = ripe.length === 1 ? ripe : [];
  return { each: [...items.slice(0, room), ...alone], wait, together: ripe.length > 1 ? ripe : [] };
}

const spanEnd = (at: Instant): Instant => (Math.floor(at / BUNDLE_SPAN) + 1) * BUNDLE_SPAN;

/** What a member was told of escalations within the hour, and what they have not been told yet. */
export type EscalationHour = {
  /** When the first of them went out; null: none did. */
  readonly began: Instant | null;
  /** The oldest that has not gone out. */
  readonly first: { readonly id: number; readonly createdAt: Instant } | null;
};

export type EscalationPlan<Item> = {
  /** Goes out at once. */
  readonly first: readonly Item[];
  readonly wait: readonly { readonly item: Item; readonly until: Instant }[];
  /** Goes out now, with all that waits: whoever is written to anyway need not be written to again. */
  readonly ripe: readonly Item[];
};

/**
 * The same for escalations. The first of an hour goes at once, whichever worker has it and before it is known to have
 * gone: all others wait for the end of that hour, or until `latest`.
 */
export function planEscalations<Item extends { readonly id: number; readonly latest: Instant }>(
  items: readonly Item[],
  { began, first }: EscalationHour,
  now: Instant,
): EscalationPlan<Item> {
  const hourEnd = (began ?? first?.createdAt ?? now) + ESCALATION_WAIT;
  const wait = items.map((item) => ({ item, until: Math.min(item.latest, hourEnd) }));
  if (wait.some(({ until }) => until <= now)) return { first: [], wait: [], ripe: items };
  const isFirst = ({ id }: Item): boolean => began === null && id === first?.id;
  return { first: items.filter(isFirst), wait: wait.filter(({ item }) => !isFirst(item)), ripe: [] };
}
