/**
 * Looking on: everything runs, and mail goes to managers alone. What is held back is dropped and never sent later, since
 * a question that is days old when it comes is worse than none.
 */
import type { Command, Verb } from './command/command.ts';
import type { NoticeDraft, NoticeKind } from './notices/notice.ts';
import type { Policy } from './policy.ts';
import { isManagerOf } from './roster.ts';

/** The code with which what was held back is dropped. */
export const SHADOW = 'shadow';

/** Whoever gets one of these wrote to us before, or is written to because somebody asked for just that. */
const Wanted: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['receipt', 'welcome', 'sign-in']);

/** Whether a notice goes to nobody. About single requests managers read in their summary, not each as it comes. */
export function isHeldInShadow(
  policy: Policy,
  {
    recipient,
    body,
    conversationId,
    inboxId,
  }: Pick<NoticeDraft, 'recipient' | 'body' | 'conversationId' | 'inboxId'>,
): boolean {
  if (policy.shadow !== true) return false;
  if (recipient.type !== 'member') return true;
  if (Wanted.has(body.kind)) return false;
  // That an answer to the welcome mail did not count.
  if (body.kind === 'not-counted') return conversationId !== null;
  return conversationId !== null || !isManagerOf(policy, recipient.member, inboxId);
}

/** What would have to be mailed to somebody, so that to say "done" would be a lie. */
const Mailed: ReadonlySet<Verb> = new Set<Verb>([
  ...(['reply', 'send', 'release', 'ask', 'add', 'handoff', 'help-from', 'remind'] as const),
]);

export const needsMail = ({ verb }: Command): boolean => Mailed.has(verb);
