/**
 * A page in words, and whether it still has a point. It may end on the lock screen of a telephone, and goes through
 * hands that are not ours: it says which request, who is asked and until when, and of the customer's words the subject
 * at most, where the configuration lets it out. Nothing in it acts: the answer goes by mail.
 */
import type { Conversation } from './conversation/state.ts';
import { type Duration, type Instant, MINUTE, SECOND } from './instant.ts';
import type { PageWhy } from './notices/escalation.ts';
import type { NoticeBody, StoredNotice } from './notices/notice.ts';
import { timeWords } from './notices/times.ts';

export type PageFacts = {
  readonly why: PageWhy;
  readonly number: number;
  readonly inboxName: string;
  readonly name: string;
  readonly deadline: Instant | null;
  readonly subject: string | null;
  readonly now: Instant;
  readonly timeZone: string;
};

const SUBJECT_MAX = 80;

export function pageText({
  why,
  number,
  inboxName,
  name,
  deadline,
  subject,
  now,
  timeZone,
}: PageFacts): string {
  const about = subject === null ? '' : ` "${shortened(subject)}"`;
  const until =
    deadline === null ? 'Please answer now' : `Please answer by ${timeWords(deadline, now, timeZone)}`;
  return `Urgent request #${number}${about} (${inboxName}): ${WORDS[why].replaceAll('NAME', () => name)} ${until}, to the mail from Baton.`;
}

const WORDS: Readonly<Record<PageWhy, string>> = {
  asked: 'NAME is asked to take it.',
  'asked-again': 'NAME is asked once more to take it.',
  climbed: 'nobody has taken it yet, NAME is asked now.',
  'owner-away': 'its owner is away, NAME is asked to take it.',
  'owner-silent': 'nothing was done about it for too long, it is up to NAME now.',
  'nobody-took-it': 'nobody has taken it, NAME decides.',
  'still-nobody': 'still nobody has taken it, NAME decides.',
  'answer-missed': 'the customer has waited longer than was promised, NAME answers for it.',
};

/** A subject may hold anything: one line of it. */
function shortened(subject: string): string {
  const line = subject.replace(/[\p{C}\s]+/gu, ' ').trim();
  const letters = [...line];
  return letters.length <= SUBJECT_MAX ? line : `${letters.slice(0, SUBJECT_MAX - 1).join('')}…`;
}

/** Whether its reader is still waited for. */
export function isWaitedFor({ body, seq, recipient }: StoredNotice, state: Conversation): boolean {
  const member = recipient.type === 'member' ? recipient.member : null;
  if (state.phase === 'done') return false;
  if (asksForAnswer(body)) return state.offer?.seq === seq;
  // A reminder tells of a later event than the question.
  if (body.kind === 'offer' || body.kind === 'handoff' || body.kind === 'last-asked')
    return state.offer?.to === member;
  if (body.kind === 'no-progress') return state.owner === member && state.climb?.cause === 'silent';
  return state.answer?.missed === true && state.accountable === member;
}

const asksForAnswer = (body: NoticeBody): boolean =>
  (body.kind === 'offer' || body.kind === 'handoff' || body.kind === 'last-asked') && body.reminder !== true;

const FIRST_PAUSE: Duration = 5 * SECOND;
const PAUSE_MAX: Duration = 5 * MINUTE;

/** How long it is waited after so many tries: 5 s, 15 s, 45 s, 2 min 15 s, and then five minutes each. */
export const pauseAfter = (tries: number): Duration =>
  Math.min(PAUSE_MAX, FIRST_PAUSE * 3 ** Math.min(10, Math.max(0, tries - 1)));
