/**
 * When mails to a member stand together in one: above so many an hour, what came within one span is read at once or
 * not at all. Nothing is dropped, and nothing waits longer than a span.
 */
import { type Duration, type Instant, MINUTE } from './instant.ts';
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
  'receipt',
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
