/**
 * The daily digest of managers in words: what needs a decision, worst first, with what can be answered; then who has
 * what, what has changed and whether mail flows. A day on which nothing needs anybody has the same end, so that only a
 * digest that does not come means that something is broken.
 */
import { alarmWhat } from '../alarm-words.ts';
import { FailureReasons } from '../delivery-failure.ts';
import { Severity } from '../digest/attention.ts';
import {
  type Digest,
  type DigestItem,
  type MemberState,
  type ParkedItem,
  type RequestItem,
  sinceOf,
  type UnreachedItem,
  whyOf,
} from '../digest/digest.ts';
import type { ConversationId, InboxId, MemberId } from '../ids.ts';
import type { Duration } from '../instant.ts';
import { answers, requestNews } from './digest-requests.ts';
import {
  answerTo,
  type Bar,
  type Block,
  bars,
  choice,
  command,
  type Doc,
  heading,
  joined,
  list,
  muted,
  named,
  needed,
  own,
  paragraph,
  quotation,
  type Span,
  say,
  strong,
  words,
} from './doc.ts';
import { lateness } from './durations.ts';
import { counted, footer } from './parts.ts';
import { at, inboxOf, isReader, nameOf, type Scene, topicOf, writerOf } from './scene.ts';
import { weekdayOf } from './times.ts';
import { NAME_MAX, oneLine } from './words.ts';

const TOPIC_MAX = 60;

export function digestSubject(body: Digest): string {
  const { date, needs, isMore, onTrack } = body;
  const isDown = doesNotFlow(body);
  const day = isDown ? `${weekdayOf(date)}: mail is not flowing, ` : `${weekdayOf(date)}: `;
  if (needs === 0) return `${day}nothing${isDown ? ' else' : ''} needs you`;
  return `${day}${needing(needs, isMore)} you, ${onTrack} on track`;
}

const needing = (needs: number, isMore: boolean): string =>
  `${isMore ? 'over ' : ''}${needs} ${needs === 1 ? 'needs' : 'need'}`;

export function digest(scene: Scene, body: Digest): Doc {
  const flow = mailFlow(scene, body);
  const isDown = doesNotFlow(body);
  return [
    // Whatever else it tells is only half of it then.
    ...(isDown ? flow : []),
    needed('news', opening(body)),
    ...itemBlocks(scene, body),
    ...loadBlocks(scene, body),
    named('changes', paragraph(changes(scene, body))),
    ...(isDown ? [] : flow),
    footer(scene),
  ];
}

function opening(body: Digest): Block {
  const { needs, isMore, onTrack } = body;
  const rest = own(onTrackWords(needs, onTrack));
  if (needs === 0)
    return paragraph(strong(doesNotFlow(body) ? 'Nothing else needs you.' : 'Nothing needs you.'), rest);
  return paragraph(
    strong(`${upper(needing(needs, isMore))} you.`),
    rest,
    say`Answer with any of the lines in quotation marks, as many as you like; one receipt comes back.`,
  );
}

function onTrackWords(needs: number, onTrack: number): string {
  if (onTrack > 1) return `${onTrack} are on track.`;
  if (onTrack === 1) return 'One request is on track.';
  return needs === 0 ? 'Nothing is open.' : 'Nothing else is open.';
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// ── What needs a decision ──

function itemBlocks(scene: Scene, body: Digest): readonly Block[] {
  if (body.items.length === 0) return [];
  const longest = Math.max(...body.items.map((item) => body.at - sinceOf(item)), 1);
  const lines = body.items.map((item) => itemBar(scene, body, item, longest));
  return [needed('items', bars('cards', lines)), ...more(body)];
}

/** The bar is how long it has lasted, beside the others. */
function itemBar(scene: Scene, body: Digest, item: DigestItem, longest: Duration): Bar {
  const share = (body.at - sinceOf(item)) / longest;
  const marked = Severity[whyOf(item)] <= Severity.held ? share : 0;
  const { label, figure, below } = wordsOf(scene, body, item);
  return { label, figure, below, share, marked };
}

function wordsOf(scene: Scene, body: Digest, item: DigestItem): Pick<Bar, 'label' | 'figure' | 'below'> {
  switch (item.type) {
    case 'request':
      return {
        label: requestLabel(scene, body, item),
        figure: requestNews(scene, body, item),
        below: [answers(scene, body, item)],
      };
    case 'parked':
      return parkedLine(scene, body, item);
    case 'member':
      return memberLine(scene, item);
    default:
      return item satisfies never;
  }
}

/** `#1042 Leak under kitchen sink, Maria Lopez`, with the inbox where its reader has several. */
function requestLabel(scene: Scene, body: Digest, { id, inboxId }: RequestItem): readonly Span[] {
  const title = scene.view.lines?.requests.get(id);
  const isNamed = title !== undefined && scene.withWords;
  const topic = isNamed ? say` ${words(topicOf(title.subject), TOPIC_MAX)}` : null;
  const name = isNamed
    ? oneLine(title.customer.name, NAME_MAX) || oneLine(title.customer.address, NAME_MAX)
    : '';
  const customer = name === '' ? null : say`, ${words(name, NAME_MAX)}`;
  const inbox = body.inboxes.length > 1 ? say` (${whichInbox(scene, body, inboxId)})` : null;
  return say`#${own(String(id))}${topic}${customer}${inbox}.`;
}

/** By its address where two of the reader's inboxes go by one name. */
function whichInbox(scene: Scene, { inboxes }: Digest, id: InboxId): Span {
  const known = scene.view.policy.inboxes;
  const inbox = known.get(id);
  const alike = inboxes.filter((other) => known.get(other)?.name === inbox?.name);
  return inbox === undefined || alike.length < 2 ? inboxOf(scene, id) : words(inbox.address, NAME_MAX * 2);
}

function parkedLine(scene: Scene, body: Digest, item: ParkedItem): Pick<Bar, 'label' | 'figure' | 'below'> {
  const line = scene.view.lines?.mails.get(item.messageId);
  const message = line?.message ?? null;
  const subject = message === null ? '' : oneLine(message.subject, TOPIC_MAX);
  const what = subject === '' || !scene.withWords ? null : say`: ${quotation(subject, TOPIC_MAX)}`;
  const from = message === null ? null : say`, from ${writerOf(scene, message)}`;
  const whose = isReader(scene, item.accountable)
    ? own('Yours')
    : say`${nameOf(scene, item.accountable)} has it`;
  const address = line?.answerTo;
  const order = choice([command('request'), command('dismiss'), command('retry')], 'or');
  return {
    label: say`Could not be read${what}${from}.`,
    figure: say`${whose}, for ${own(lateness(body.at - item.since))}.`,
    below:
      address === undefined
        ? []
        : [
            say`Answer ${order} ${answerTo('to its own address', { address, subject: 'Re: Could not be read' })}`,
          ],
  };
}

function memberLine(scene: Scene, item: UnreachedItem): Pick<Bar, 'label' | 'figure' | 'below'> {
  const name = nameOf(scene, item.member);
  const mails = item.count === 1 ? 'a mail of ours' : `${item.count} mails of ours`;
  return {
    label: isReader(scene, item.member)
      ? say`Our mail does not always reach you.`
      : say`Our mail does not reach ${name}.`,
    figure: say`Since ${at(scene, item.since)}, ${own(mails)} did not arrive${whyLost(item.code)}.`,
    below: isReader(scene, item.member) ? [] : [say`Reach ${name} some other way.`],
  };
}

/** What a report said, or the code of our own mail server's answer. */
function whyLost(code: string): readonly Span[] {
  const reason = Object.entries(FailureReasons).find(([name]) => name === code && name !== 'unknown');
  if (reason !== undefined) return say`: ${own(reason[1].says)}`;
  return code === 'unknown' ? [] : say` (code ${words(code, NAME_MAX)})`;
}

/** Named by their numbers, so that nothing is hidden and each can be answered. */
function more({ needs, items, others, isMore }: Digest): readonly Block[] {
  const left = needs - items.length;
  if (left <= 0) return [];
  const numbers = others.map((id) => `#${id}`).join(', ');
  const [first] = others;
  const rest = left - others.length;
  const unnamed = rest > 0 && others.length > 0 ? ` and ${rest} that come up as these are settled` : '';
  const how = first === undefined ? null : say`${command(`${first} status`)} tells how one of them stands.`;
  return [
    named(
      'items',
      paragraph(
        say`And ${own(`${isMore ? 'over ' : ''}${left}`)} more${own(numbers === '' ? '' : `: ${numbers}${unnamed}`)}.`,
        how,
      ),
    ),
  ];
}

// ── How everything else goes ──

function loadBlocks(scene: Scene, { load }: Digest): readonly Block[] {
  if (load.length === 0) return [];
  const most = Math.max(...load.map(({ open, asked }) => open + asked), 1);
  const rows = load.slice(0, MEMBERS_MAX).map((one) => loadBar(scene, one, most));
  const left = load.length - rows.length;
  return [
    heading(say`Who has what`),
    bars('rows', rows),
    ...(left > 0 ? [muted(say`And ${own(counted(left, 'more teammate'))} with less.`)] : []),
  ].map((block) => named('load', block));
}

const MEMBERS_MAX = 15;

function loadBar(scene: Scene, one: MemberState, most: number): Bar {
  const { member, open, asked, stuck, awayUntil } = one;
  const figure = joined(
    [
      own(String(open)),
      stuck === 0 ? null : strong(`${stuck} stuck`),
      asked === 0 ? null : own(`asked to take ${asked}`),
      awayUntil === null ? null : say`away until ${at(scene, awayUntil)}`,
    ],
    ', ',
  );
  return { label: label(scene, member), figure, share: open / most, marked: stuck / most, below: [] };
}

const label = (scene: Scene, member: MemberId): readonly Span[] =>
  isReader(scene, member)
    ? say`You`
    : say`${words(scene.view.policy.members.get(member)?.name ?? member, LABEL_MAX)}`;

/** Stands beside its bar on a phone. */
const LABEL_MAX = 24;

/** `Since Tue 8:00: 12 requests came in, 15 were finished, 1 was opened again.` */
function changes(scene: Scene, { since, changes: { arrived, finished, reopened } }: Digest): readonly Span[] {
  const again = reopened === 0 ? '' : `, ${reopened} ${reopened === 1 ? 'was' : 'were'} opened again`;
  const came = arrived === 0 ? 'no request came in' : `${counted(arrived, 'request')} came in`;
  const done =
    finished === 0 ? 'none was finished' : `${finished} ${finished === 1 ? 'was' : 'were'} finished`;
  return say`Since ${at(scene, since)}: ${own(`${came}, ${done}${again}`)}.`;
}

function mailFlow(scene: Scene, body: Digest): readonly Block[] {
  const { received, unsettled } = body.mail;
  const flows = doesNotFlow(body) ? strong('Mail is NOT flowing') : own('Mail is flowing');
  const left = unsettled === 0 ? '' : `, ${unsettled} not looked at yet`;
  const count =
    received === 0 ? 'none came in' : `${received} received, ${received - unsettled} accounted for${left}`;
  const remarks = mailRemarks(scene, body);
  return [paragraph(say`${flows}: ${own(count)}.`), ...(remarks.length === 0 ? [] : [list(remarks)])].map(
    (block) => named('mail', block),
  );
}

const doesNotFlow = ({ mail }: Digest): boolean => mail.outages.some(({ until }) => until === null);

/** What nobody would hear of otherwise. */
function mailRemarks(scene: Scene, { mail }: Digest): (readonly Span[])[] {
  const { unsent, doubtful, doubtfulIn = [], junk, outages, signInsEnding = [] } = mail;
  const customer = words(scene.view.inbox.customerWord, NAME_MAX);
  return [
    ...outages.map(({ kind, inboxId, since, until }) => {
      const address = scene.view.policy.inboxes.get(inboxId)?.address ?? inboxId;
      const down = own(alarmWhat(kind, address));
      return until === null
        ? say`Since ${at(scene, since)}, ${down}`
        : say`Between ${at(scene, since)} and ${at(scene, until)}, ${down}`;
    }),
    ...signInsEnding.map(({ inboxId, at: end }) => {
      const address = scene.view.policy.inboxes.get(inboxId)?.address ?? inboxId;
      return say`The sign-in for ${words(address, NAME_MAX * 2)} ends ${at(scene, end)}: whoever looks after Baton runs ${own('"npx baton connect"')} before`;
    }),
    ...(junk === null || junk === 0
      ? []
      : [
          say`${own(`${counted(junk, 'mail')} ${junk === 1 ? 'lies' : 'lie'} in the spam folder`)}: look whether a ${customer}'s is among them`,
        ]),
    ...(unsent === 0 ? [] : [say`${own(counted(unsent, 'mail'))} to people outside could not be sent`]),
    ...(doubtful === 0
      ? []
      : [
          say`${own(counted(doubtful, 'mail'))} in a teammate's name did not count${own(into(doubtfulIn))}; whoever is meant was told`,
        ]),
  ];
}

const INTO_MAX = 5;

/** Of how many a line names the numbers, so that whoever wonders can look. */
const into = (requests: readonly ConversationId[]): string =>
  requests.length === 0
    ? ''
    : ` (in ${requests
        .slice(0, INTO_MAX)
        .map((id) => `#${id}`)
        .join(', ')}${requests.length > INTO_MAX ? ' and others' : ''})`;
