/** Whether an answer of a customer is about the request that it belongs to, and under which subject it is when it is not. */
import type { Conversation } from '../domain/conversation/state.ts';
import type { Instant } from '../domain/instant.ts';
import { type FollowsWhy, newMatter } from '../domain/matter.ts';
import type { Mail } from '../domain/message.ts';
import { ourSubjects } from '../domain/notices/customer.ts';
import { isOnlyThanks } from '../domain/thanks.ts';
import type { Thread } from '../domain/threading.ts';
import { canonicalSubject } from '../domain/topic.ts';
import type { Deps } from './deps.ts';
import type { ThreadLookUps } from './ports/threads.ts';

export type Matter = {
  /** Why it is about something new; null: it is not. */
  readonly newMatter: FollowsWhy | null;
  /** What it is about, when its own subject is fixed words of ours; null: what it says. */
  readonly subject: string | null;
};

export const SameMatter: Matter = { newMatter: null, subject: null };

/** As many subjects of a request are compared. */
const SUBJECTS_MAX = 50;

/** `found` is the request that the mail belongs to, `target` where that goes on. */
export async function findMatter(
  deps: Pick<Deps, 'policy'>,
  tx: Pick<ThreadLookUps, 'findSubjects'>,
  storedAt: Instant,
  mail: Mail,
  { thread, found, target }: { thread: Thread; found: Conversation; target: Conversation },
): Promise<Matter> {
  // Nobody reads what was spam.
  if (target.ended?.as === 'spam') return SameMatter;
  const subjects = await tx.findSubjects([...new Set([found.id, target.id])], SUBJECTS_MAX);
  const ours = ourSubjects(deps.policy().inboxes.get(target.inboxId)?.templates ?? new Map());
  const subject = canonicalSubject(mail.subject);
  const isOurs = ours.some((one) => canonicalSubject(one) === subject);
  const why = newMatter({
    evidence: thread.evidence,
    subject: isOurs ? '' : mail.subject,
    subjects,
    quotes: mail.reply.quoted.trim() !== '',
    onlyThanks: isOnlyThanks(mail.reply.text, mail.attachments.length > 0),
    doneFor: target.phase === 'done' ? storedAt - target.lastEventAt : null,
    reopenWithin: deps.policy().clocks.reopenWithin,
  });
  return { newMatter: why, subject: isOurs ? (subjects[0] ?? null) : null };
}
