/** What would happen to a mail, as one tells a manager who asks why it would go to Priya. */
import type { Explanation } from '../app/explain-message.ts';
import type { InboxId, MemberId } from '../domain/ids.ts';
import { type Instant, toDate } from '../domain/instant.ts';
import { timeWords } from '../domain/notices/times.ts';
import type { Policy } from '../domain/policy.ts';
import { mentionsIn } from '../domain/reason.ts';

export function inWords(
  file: string,
  explained: Explanation,
  policy: Policy,
  inboxId: InboxId,
  at: Instant,
): string {
  const timeZone = policy.inboxes.get(inboxId)?.timeZone ?? 'UTC';
  const name = (id: MemberId): string => policy.members.get(id)?.name ?? id;
  const time = (when: Instant): string => timeWords(when, at, timeZone);
  const lines = [
    `${file}, as of ${dateAndTime(at, timeZone)}`,
    '',
    `  ${outcome(explained)}`,
    ...asked(explained, name, time),
    '',
    '  Why, step by step:',
    ...explained.trace.map(
      ({ step, text }) => `    ${step.padEnd(STEP_WIDTH)}${withNames(text, policy, name)}`,
    ),
    '',
    '',
  ];
  return lines.join('\n');
}

const dateAndTime = (at: Instant, timeZone: string): string =>
  `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(toDate(at))} (${timeZone})`;

const STEP_WIDTH = 16;

function outcome({ disposition, conversation, category, kind }: Explanation): string {
  const about = category === null ? 'about nothing that a rule knows' : `about ${category}`;
  switch (disposition) {
    case 'request':
      return `It would be a new request, ${about}.`;
    case 'follow-up':
      return `It would go into request #${conversation}.`;
    case 'reply':
      return 'It would be read as the answer of a teammate, for commands.';
    case 'duplicate':
      return 'It would be set aside: the same mail is here already.';
    default:
      return conversation === null
        ? `It would be set aside as ${disposition} (${kind}), and nobody is asked.`
        : `It would be kept with request #${conversation} as ${disposition}.`;
  }
}

function asked(
  { offerTo, acceptBy, chain, accountable }: Explanation,
  name: (id: MemberId) => string,
  time: (at: Instant) => string,
): string[] {
  const others = chain.filter((id) => id !== offerTo).map(name);
  const by = acceptBy === null ? '' : `, and has until ${time(acceptBy)} to accept`;
  const next = others.length === 0 ? '' : ` After that: ${others.join(', ')}.`;
  return [
    ...(offerTo === null ? [] : [`  ${name(offerTo)} is asked to take it${by}.${next}`]),
    ...(accountable === null
      ? []
      : [`  ${name(accountable)} answers for it${offerTo === null ? '' : ' until somebody accepts'}.`]),
  ];
}

const withNames = (text: string, policy: Policy, name: (id: MemberId) => string): string =>
  mentionsIn(text, (id) => policy.members.has(id))
    .map((part) => ('member' in part ? name(part.member) : part.text))
    .join('');
