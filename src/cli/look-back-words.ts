/** What `baton lookback` says at a terminal: first the sentence that hits, then who, how long, and whose it would have been. */
import type { ReadFolder } from '../app/look-back.ts';
import { type Instant, toIso } from '../domain/instant.ts';
import type { InboxLookBack, LookBack, LookedAt } from '../domain/look-back/look-back.ts';
import {
  amount,
  figuresInWords,
  figuresOf,
  hit,
  NoRuleWhy,
  requestsInWords,
  shortAddress,
  stillWaiting,
  timesInWords,
} from '../domain/look-back/words.ts';
import type { Address } from '../domain/message.ts';
import { lateness } from '../domain/notices/durations.ts';
import type { Policy } from '../domain/policy.ts';
import { safeLine } from './safe-text.ts';
import type { Sent } from './send-past.ts';
import { table } from './table.ts';
import { COLUMNS, wrapped } from './wrapped.ts';

export type LookedBack = {
  readonly past: LookBack;
  readonly source: 'mailbox' | 'archive';
  /** null: everything that is there. */
  readonly days: number | null;
  readonly policy: Policy | null;
  /** The address that an archive was taken to be of, since nobody said so. */
  readonly inboxGuessed: string | null;
  /** Mails that nothing could read, with their files where they have one. */
  readonly unreadable: readonly { readonly file: string; readonly error: string }[];
  /** Empty: an archive. */
  readonly folders: readonly ReadFolder[];
};

const WAITING_MAX = 25;
const TWICE_MAX = 10;
const NO_RULE_MAX = 8;
const OWNERS_MAX = 15;
const NAME_MAX = 28;
const SUBJECT_MAX = 44;
const BAR = 24;

export function lookBackInWords(told: LookedBack, sent: readonly Sent[] | null): string {
  const { past } = told;
  const all = past.inboxes.map(({ address }) => address);
  const lines = past.inboxes.flatMap((inbox) => [
    ...headline(told, inbox, shortAddress(inbox.address, all)),
    ...waitingLines(inbox),
    ...twiceLines(told, inbox),
    ...timesLines(inbox),
    ...ownerLines(told, inbox),
    ...noRuleLines(inbox),
    '',
  ]);
  return `${[...lines, ...remarksOf(told, sent).flatMap(wrapped)].map((line) => line.trimEnd()).join('\n')}\n`;
}

/** `last 30 days`; of an archive from its first mail to its last. */
export function spanOf({ days, past, source }: Pick<LookedBack, 'days' | 'past' | 'source'>): string {
  if (days !== null && source === 'mailbox') return `last ${days === 1 ? 'day' : `${days} days`}`;
  const first =
    past.from ??
    past.inboxes.flatMap(({ requests }) => requests[0]?.opener.date ?? []).sort((a, b) => a - b)[0];
  return first === undefined ? 'nothing' : `${day(first)} to ${day(past.until)}`;
}

function headline(told: LookedBack, inbox: InboxLookBack, name: string): string[] {
  const figures = figuresOf(inbox);
  return [
    `${safeLine(name)}, ${spanOf(told)}: ${hit(figures)}`,
    ...(figures.requests === 0 ? [] : wrapped(figuresInWords(figures).join(' '))),
  ];
}

function waitingLines({ waiting }: InboxLookBack): string[] {
  if (waiting.length === 0) return [];
  const rows = waiting
    .slice(0, WAITING_MAX)
    .map((one) => [
      lateness(one.waited),
      nameOf(one.customer),
      subjectOf(one),
      one.answeredAt !== null || one.beganBefore ? 'had an answer before' : '',
    ]);
  return [
    '',
    `Still waiting (${amount(waiting.length)}), the longest first:`,
    ...indented(rows),
    ...moreOf(waiting, WAITING_MAX),
  ];
}

function twiceLines(told: LookedBack, { twice }: InboxLookBack): string[] {
  if (twice.length === 0) return [];
  const rows = twice.slice(0, TWICE_MAX).flatMap((one) => {
    const [first] = one.twice;
    if (first === undefined) return [];
    const by = first.answers.map(({ from }) => whoOf(told, from[0])).join(' and ');
    return [[day(first.asked.date), nameOf(one.customer), subjectOf(one), by]];
  });
  return [
    '',
    `Answered twice (${amount(twice.length)}), by two people:`,
    ...indented(rows),
    ...moreOf(twice, TWICE_MAX),
  ];
}

function timesLines({ firstAnswer: { wall, working } }: InboxLookBack): string[] {
  if (wall.count === 0) return [];
  const row = (what: string, { half, most }: ReturnType<typeof timesInWords>) => [what, half, most];
  const rows = [
    row('by the clock', timesInWords(wall, 'clock')),
    ...(working === null ? [] : [row('in working hours', timesInWords(working, 'work'))]),
  ];
  const still = stillWaiting(wall.waiting);
  return [
    '',
    `First answers to ${requestsInWords(wall.count)}${still === '' ? '' : ` (${still})`}:`,
    ...table(['', 'half within', 'nine of ten within'], rows).map((line) => `  ${line}`),
  ];
}

function ownerLines({ policy }: LookedBack, { owners }: InboxLookBack): string[] {
  if (owners === null || owners.length === 0) return [];
  const most = Math.max(...owners.map(({ requests }) => requests));
  const rows = owners
    .slice(0, OWNERS_MAX)
    .map(({ member, requests }) => [
      member === null ? 'nobody' : cut(policy?.members.get(member)?.name ?? member, NAME_MAX),
      requests,
      '█'.repeat(Math.max(1, Math.round((requests / most) * BAR))),
    ]);
  return [
    '',
    'Who would have been asked first, by your rules:',
    ...indented(rows),
    ...moreOf(owners, OWNERS_MAX),
  ];
}

function noRuleLines({ noRule, owners }: InboxLookBack): string[] {
  if (owners === null || noRule.length === 0) return [];
  const rows = noRule
    .slice(-NO_RULE_MAX)
    .toReversed()
    .map((one) => [nameOf(one.customer), subjectOf(one), NoRuleWhy[one.wouldOwn?.why ?? ''] ?? '']);
  return [
    '',
    `Fit no rule (${amount(noRule.length)}): the front desk would have decided. The latest:`,
    ...indented(rows),
    ...moreOf(noRule, NO_RULE_MAX),
  ];
}

// ── What has to be known with it ──

export function remarksOf(told: LookedBack, sent: readonly Sent[] | null): string[] {
  return [
    ...(told.source === 'mailbox' ? mailboxRemarks(told) : archiveRemarks(told)),
    "What was said on the phone, and answers that lie in nobody's folder here, are not seen.",
    ...(sent === null
      ? ['Nobody has been mailed, and nothing was changed.']
      : [...sent.map((one) => sentWords(told, one)), 'Nobody outside is mailed.']),
  ];
}

function sentWords({ policy }: LookedBack, { inbox, to, waiting, runs }: Sent): string {
  const name = policy?.members.get(to)?.name ?? to;
  const when = runs ? 'is mailed now' : 'is mailed as soon as Baton runs ("npx baton start all")';
  const may =
    waiting === 0 ? '' : `, and may answer "take over" for the ${requestsInWords(waiting)} still waiting`;
  return `${inbox}: ${safeLine(name)} ${when}${may}.`;
}

function mailboxRemarks({ folders, past, policy }: LookedBack): string[] {
  const remarks: string[] = [];
  for (const { inbox, address, requests, answered } of past.inboxes) {
    const own = folders.filter((one) => one.inbox === inbox);
    const sent = own.filter(({ folder }) => folder.role === 'sent');
    const name = safeLine(address);
    if (sent.length === 0) {
      const named = policy === null ? '' : ` Name it under inboxes.${inbox}.folders.sent, if there is one.`;
      remarks.push(
        `${name}: NO SENT FOLDER was found, so that answers can hardly be seen, and many of those above may have had one.${named} Where teammates answer from their own mailboxes, have them put ${name} in copy.`,
      );
    } else if (answered === 0 && requests.length > FEW) {
      remarks.push(
        `${name}: not one answer was found in ${sent.map(({ folder }) => `"${safeLine(folder.path)}"`).join(', ')}. If your team answers from their own mailboxes, those answers cannot be seen from here, and many of those above may have had one.`,
      );
    }
    remarks.push(
      `${name}: read ${own.map(({ folder, mails }) => `${safeLine(folder.path)} (${amount(mails)})`).join(', ')}, without marking anything as read.`,
    );
  }
  return remarks;
}

const FEW = 5;

function archiveRemarks({ inboxGuessed, past, unreadable, policy }: LookedBack): string[] {
  const { elsewhere, undated } = past;
  const [first] = elsewhere.addresses;
  return [
    ...(inboxGuessed === null
      ? []
      : [
          `Most of this archive went to ${safeLine(inboxGuessed)}, so it was taken for the inbox; --inbox ADDRESS says another.`,
        ]),
    ...(policy === null ? ['Without a configuration nothing is said of owners and of working hours.'] : []),
    ...(elsewhere.requests === 0
      ? []
      : [
          `${amount(elsewhere.requests)} conversations were begun with somebody else, and are left out${first === undefined ? '' : `; most often with ${safeLine(first)}`}.`,
        ]),
    ...(undated === 0 ? [] : [`${amount(undated)} mails have no date that could be read, and are left out.`]),
    ...(unreadable.length === 0
      ? []
      : [
          `${amount(unreadable.length)} could not be read: ${unreadable
            .slice(0, 5)
            .map(({ file, error }) => `${safeLine(file)} (${safeLine(error)})`)
            .join(', ')}${unreadable.length > 5 ? ' and more' : ''}.`,
        ]),
  ];
}

// ── Words ──

const indented = (rows: readonly (readonly (string | number)[])[]): string[] =>
  rows.length === 0
    ? []
    : table(rows[0]?.map(() => '') ?? [], rows)
        .slice(1)
        .map((line) => `  ${line}`.slice(0, COLUMNS + 20));

const moreOf = (all: readonly unknown[], max: number): string[] =>
  all.length <= max ? [] : [`  and ${amount(all.length - max)} more`];

const nameOf = ({ name, address }: Address): string =>
  cut(name.trim() || address || 'unknown sender', NAME_MAX);

/** A teammate by their name; a mail from the shared address by the name that it was written under. */
export function whoOf({ policy }: Pick<LookedBack, 'policy'>, author: Address | undefined): string {
  if (author === undefined) return 'somebody';
  const member = [...(policy?.members.values() ?? [])].find(({ addresses }) =>
    addresses.includes(author.address.toLowerCase()),
  );
  return cut(member?.name ?? (author.name.trim() || author.address), NAME_MAX);
}

const subjectOf = ({ opener: { subject } }: LookedAt): string =>
  cut(subject.trim() || '(no subject)', SUBJECT_MAX);

/** Safe before it is cut, so that no escape is cut in two. */
function cut(text: string, max: number): string {
  const line = safeLine(text.slice(0, max * 4));
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

const day = (at: Instant): string => toIso(at).slice(0, 10);
