/**
 * Which of all examples are learned from, so that no outsider decides what is: whoever writes much, or makes others up,
 * stays a small part. Pure, and the same whatever the order in which they are given.
 *
 * - One mail counts once, and what many send alike (a circular, an alarm) once for all.
 * - A sender gives so many to a category as is configured, the latest.
 * - A domain gives a category no more than all others together, though always as many as one sender may: whoever has a
 *   domain has as many senders as they like. The team's own domain is nobody's from outside.
 * - All senders that nothing proves count as one such domain, since each of them may be the same.
 * - Of a web form, which names whoever its visitor says, so many a day and category count as of one sender.
 */
import { domainOf } from '../address.ts';
import type { CategoryId, ConversationId } from '../ids.ts';
import { DAY, type Instant } from '../instant.ts';
import type { Policy } from '../policy.ts';
import type { SenderKnown } from './learnable.ts';

/** An example without its words. */
export type Choosable = {
  readonly id: number;
  /** null: it came from an archive. */
  readonly conversationId: ConversationId | null;
  readonly category: CategoryId | null;
  readonly decidedAt: Instant;
  /** '' when nobody is named. */
  readonly sender: string;
  readonly known: SenderKnown | 'archive';
  /** A hash of what it says: those of the same say the same. */
  readonly same: string;
};

export type ChoiceBounds = {
  readonly categories: ReadonlySet<CategoryId>;
  readonly perSender: number;
  readonly ownDomains: ReadonlySet<string>;
};

export function boundsOf({ categories, learning, members, inboxes }: Policy): ChoiceBounds {
  const own = [
    ...[...members.values()].flatMap(({ addresses }) => addresses),
    ...[...inboxes.values()].map(({ address }) => address),
  ];
  return {
    categories: new Set(categories.keys()),
    perSender: learning.examplesPerSender,
    ownDomains: new Set(own.map(domainOf)),
  };
}

/** Those that count, the latest first. */
export function chooseExamples(all: readonly Choosable[], bounds: ChoiceBounds): readonly Choosable[] {
  const seen = new Set<string>();
  const bySender = new Map<string, number>();
  const kept = all
    .filter(({ category }) => category === null || bounds.categories.has(category))
    .toSorted((a, b) => b.decidedAt - a.decidedAt || b.id - a.id)
    .filter(({ same }) => isNew(seen, same))
    .filter((example) => {
      const sender = senderOf(example);
      return sender === null || counted(bySender, `${example.category ?? ''}\n${sender}`) <= bounds.perSender;
    });
  return [...Map.groupBy(kept, ({ category }) => category).values()]
    .flatMap((ofOne) => withoutExcess(ofOne, bounds))
    .sort((a, b) => b.decidedAt - a.decidedAt || b.id - a.id);
}

/** Whom it counts for; null: an archive that names no senders is one whose mails nobody can tell apart. */
function senderOf({ sender, known, decidedAt }: Choosable): string | null {
  if (known === 'form') return `form ${Math.floor(decidedAt / DAY)}`;
  return known === 'archive' && sender === '' ? null : sender;
}

function isNew(seen: Set<string>, one: string): boolean {
  const size = seen.size;
  return seen.add(one).size > size;
}

function counted(counts: Map<string, number>, one: string): number {
  const count = (counts.get(one) ?? 0) + 1;
  counts.set(one, count);
  return count;
}

/** `ofOne` has the examples of one category, the latest first. */
function withoutExcess(ofOne: readonly Choosable[], bounds: ChoiceBounds): readonly Choosable[] {
  const groups = Map.groupBy(ofOne, (example) => groupOf(example, bounds));
  const left = new Map<string | null, number>();
  for (const [group, { length }] of groups) {
    const others = ofOne.length - length;
    left.set(group, group === null ? length : Math.min(length, Math.max(bounds.perSender, others)));
  }
  const taken = new Map<string, number>();
  return ofOne.filter((example) => {
    const group = groupOf(example, bounds);
    return group === null || counted(taken, group) <= (left.get(group) ?? 0);
  });
}

/** What has a bound together; null: nothing bounds it but its sender. */
function groupOf({ sender, known }: Choosable, { ownDomains }: ChoiceBounds): string | null {
  const domain = domainOf(sender);
  switch (known) {
    case 'unproved':
      return 'unproved';
    // Bounded by the day; and whoever brings an archive has looked at it.
    case 'form':
    case 'archive':
      return null;
    case 'proved':
    case 'not-asked':
      return ownDomains.has(domain) ? null : `@${domain}`;
    default:
      return known satisfies never;
  }
}
