/** "Can you take this?", a colleague's handoff, and the last person's question. */
import { comesToMind } from '../comes-to-mind.ts';
import type { ConversationEvent } from '../conversation/events.ts';
import { passesOn } from '../conversation/passes-on.ts';
import type { MemberId, TextId } from '../ids.ts';
import type { Reason } from '../reason.ts';
import { isHere } from '../roster.ts';
import { isWorkingAt } from '../working-time.ts';
import { alsoTo } from './also-to.ts';
import {
  type Block,
  choice,
  command,
  type Doc,
  heading,
  joined,
  list,
  named,
  needed,
  own,
  paragraph,
  quotation,
  type Span,
  say,
  spare,
  strong,
  value,
} from './doc.ts';
import { followed } from './followed.ts';
import { guesses, looksLike, somethingElse } from './guesses.ts';
import type { NoticeBody } from './notice.ts';
import {
  byWhen,
  Full,
  filesByName,
  footer,
  type Limits,
  latestFromCustomer,
  latestMails,
  messageQuotes,
  noteQuote,
  orSomebodyElse,
  quoteOf,
  Short,
  untilAccepted,
} from './parts.ts';
import { reasonWords } from './reason-words.ts';
import {
  at,
  bareName,
  customerOf,
  isReader,
  nameOf,
  nameOrYou,
  requestOf,
  type Scene,
  textOf,
} from './scene.ts';
import { inCopy, openWithOthers, promises } from './standing.ts';
import { timeline } from './timeline.ts';
import { comesBack } from './undeliverable.ts';

export function offer(scene: Scene, body: NoticeBody & { readonly kind: 'offer' }): Doc {
  return [
    needed(
      'question',
      paragraph(
        body.reminder === true
          ? say`Nobody has answered yet. ${strong('Can you take this?')}`
          : strong('Can you take this?'),
        urgent(scene),
        say`Reply ${command('accept')} (or ${command('yes')}) or ${command('decline')}${byWhen(scene, body.acceptBy)}.`,
        untilAccepted(scene, body.accountable),
      ),
    ),
    comesBack(scene),
    guesses(scene, body),
    ...latestFromCustomer(scene),
    ...alsoTo(scene, latestMails(scene)),
    named(
      'why',
      paragraph(
        value('reason', whyYou(scene, whyAsked(scene, body))),
        value('looks-like', looksLike(scene, whyAsked(scene, body))),
        value('follows', followed(scene)),
        value('earlier', earlier(scene)),
      ),
    ),
    named('others', paragraph(orSomebodyElse(), mayDecline(body) ? somethingElse(scene) : null)),
    footer(scene),
  ].filter((block) => block !== null);
}

/** The guesses stand above, each as an answer; and whoever is asked last of all cannot say no. */
const mayDecline = ({ acceptBy, choices = [] }: NoticeBody & { readonly kind: 'offer' }): boolean =>
  acceptBy !== null && choices.length === 0;

/** Urgent clocks run by the minute, day and night: who is asked must see why. */
function urgent(scene: Scene): readonly Span[] {
  return requestOf(scene).state.priority === 'urgent' ? spare('urgent', strong('It is urgent.')) : [];
}

/** Who is asked again is asked for the reason that they were asked for at first. */
function whyAsked(scene: Scene, { reason, reminder }: NoticeBody & { readonly kind: 'offer' }): Reason {
  if (reminder !== true) return reason;
  const { events, state } = requestOf(scene);
  const question = events.find(({ seq }) => seq === state.offer?.seq);
  return question?.type === 'offered' ? question.reason : reason;
}

function whyYou(scene: Scene, reason: Reason): readonly Span[] {
  return say`Why you: ${reasonWords(scene, reason)}.`;
}

/** What the customer asked before, so that the reader knows with whom they deal. */
function earlier(scene: Scene): readonly Span[] | null {
  const { total, done } = requestOf(scene).earlier;
  if (total === 0) return null;
  const open = total - done;
  const finished =
    open === 0
      ? total === 1
        ? 'finished'
        : total === 2
          ? 'both finished'
          : 'all finished'
      : `${open === total ? (total === 1 ? '' : 'all ') : `${open} `}still open`;
  return say`Earlier from ${customerOf(scene)}: ${own(`${total} ${total === 1 ? 'request' : 'requests'}, ${finished}.`)}`;
}

/** Characters. */
const MAILS_MAX = 20_000;
const MAILS_SHOWN_MAX = 20;

export function handoff(scene: Scene, body: NoticeBody & { readonly kind: 'handoff' }): Doc {
  const { messages } = requestOf(scene);
  const files = filesByName(
    scene,
    messages.flatMap((message) => message.attachments),
  );
  return [
    needed(
      'question',
      paragraph(
        body.reminder === true ? say`We asked you before.` : null,
        whoAsks(scene, body),
        urgent(scene),
        body.by === null && body.acceptBy === null
          ? lastAnswers(scene, body.accountable)
          : say`Reply ${command('accept')} (or ${command('yes')}) or ${command('decline')}${byWhen(scene, body.acceptBy)}.`,
        untilAccepted(scene, body.accountable),
      ),
    ),
    body.by === null ? null : noteQuote(scene, body.by, body.note),
    comesBack(scene),
    ...promises(scene),
    ...openToOthers(scene),
    named('history', heading(say`What happened so far`)),
    named('history', list(timeline(scene, quotedAbove(scene, body)))),
    files === null ? null : named('files', paragraph(say`Files: ${value('file-names', files)}.`)),
    messages.length === 0 ? null : named('mails', heading(say`The mails`)),
    ...wholeMails(scene),
    ...alsoTo(scene, messages),
    named('others', paragraph(orSomebodyElse())),
    footer(scene),
  ].filter((block) => block !== null);
}

function whoAsks(scene: Scene, body: NoticeBody & { readonly kind: 'handoff' }): readonly Span[] {
  const { by, silent } = body;
  const over = strong(
    requestOf(scene).state.owner === null ? 'Can you take this?' : 'Can you take this over?',
  );
  if (by !== null) return say`${value('by', nameOf(scene, by))} asks: ${over}`;
  const owner = nameOf(scene, body.accountable);
  if (silent === undefined)
    return say`You stand in for ${value('away', owner)}, who is away. ${strong('Can you take this?')}`;
  const since = spare('silent-since', at(scene, silent.since));
  return silent.cause === 'silent'
    ? say`${value('silent', owner)} has said nothing about this since ${since}. ${over}`
    : say`${customerOf(scene)} waits for an answer, and ${value('silent', owner)} has said nothing since ${since}. ${over}`;
}

/** Whoever is asked last of all cannot say no: they decide whose it is. */
const lastAnswers = (scene: Scene, owner: MemberId): readonly Span[] =>
  say`Please decide: answer ${command('accept')}, or ${command('handoff to')} and a name, or ${command('remind')} to give ${nameOf(scene, owner)} more time.`;

/** The words that stand above the history in full. */
function quotedAbove(scene: Scene, { note }: NoticeBody & { readonly kind: 'handoff' }): ReadonlySet<TextId> {
  const { helps, held } = requestOf(scene).state;
  const texts = [note, ...helps.map(({ text }) => text), ...held.map(({ text }) => text)];
  return new Set(texts.filter((text) => text !== null));
}

function openToOthers(scene: Scene): readonly Block[] {
  const lines = [...openWithOthers(scene), inCopy(scene)].filter((line) => line !== null);
  return [heading(say`Open with others`), list(lines)].flatMap((block) =>
    lines.length === 0 ? [] : [named('open', block)],
  );
}

/** What the customer wrote and what they were answered, in order. */
function wholeMails(scene: Scene): readonly Block[] {
  const { messages, events } = requestOf(scene);
  const theirs = messages.map((message) => ({
    at: message.storedAt,
    length: message.text.length + (message.passedOn?.above.length ?? 0),
    quotes: (limits: Limits) => messageQuotes(scene, message, limits),
  }));
  const ours = events.flatMap((event) => {
    const text = event.type === 'replied' ? textOf(scene, event.text) : null;
    if (event.type !== 'replied' || text === null) return [];
    const lead = say`${nameOf(scene, event.by)} to ${customerOf(scene)}, ${at(scene, event.at)}:`;
    return [
      {
        at: event.at,
        length: text.length,
        quotes: (limits: Limits) => [quoteOf(scene, lead, text, limits, null)],
      },
    ];
  });
  return latestWhole([...theirs, ...ours].sort((a, b) => a.at - b.at).slice(-MAILS_SHOWN_MAX));
}

type Quoted = { readonly length: number; readonly quotes: (limits: Limits) => readonly Block[] };

/** The latest whole, as far as one mail should hold; of the ones before, the beginning. */
function latestWhole(mails: readonly Quoted[]): readonly Block[] {
  let left = MAILS_MAX;
  return mails
    .toReversed()
    .map(({ length, quotes }) => {
      left -= Math.min(length, Full.characters);
      return quotes(left >= 0 ? Full : Short).map((quote) => named('mails', quote));
    })
    .toReversed()
    .flat();
}

const CANDIDATES_MAX = 5;
const SUGGESTED_MAX = 3;

export function lastAsked(scene: Scene, body: NoticeBody & { readonly kind: 'last-asked' }): Doc {
  const { state, load } = requestOf(scene);
  const { policy, now } = scene.view;
  const suggested = atWorkFirst(scene, comesToMind(state, { policy, reader: scene.reader, at: now, load }));
  const names = joined(
    suggested.slice(0, SUGGESTED_MAX).map((id) => bareName(scene, id)),
    ', ',
  );
  const here = atWork(scene).slice(0, CANDIDATES_MAX);
  return [
    needed(
      'question',
      paragraph(
        strong(body.reminder ? 'Still nobody has taken this.' : 'Nobody has taken this.'),
        urgent(scene),
        say`Reply ${suggested.length === 0 ? command('accept') : choice([value('names', names), command('accept'), own('any other name')], 'or')}.`,
        say`It is yours until somebody accepts.`,
        answerExpected(scene),
      ),
    ),
    comesBack(scene),
    whoWasAsked(scene),
    here.length === 0
      ? null
      : named(
          'here-now',
          paragraph(
            say`Here now: ${joined(
              here.map((id) => withLoad(scene, id)),
              ', ',
            )}.`,
          ),
        ),
    ...latestFromCustomer(scene),
    suggested.length > 0 ? null : named('others', paragraph(orSomebodyElse())),
    footer(scene),
  ].filter((block) => block !== null);
}

/** What the customer was promised is the reader's to keep meanwhile. */
function answerExpected(scene: Scene): readonly Span[] | null {
  const { answer } = requestOf(scene).state;
  if (answer === null) return null;
  const by = at(scene, answer.promised);
  return answer.promised <= scene.view.now
    ? say`${customerOf(scene)} waits for an answer, and should have had it by ${by}.`
    : say`${customerOf(scene)} expects an answer by ${by}.`;
}

/** Those who are at work, the ones not asked yet first, then the least busy. */
function atWork(scene: Scene): readonly MemberId[] {
  const { state, load, events } = requestOf(scene);
  const { policy, now } = scene.view;
  const notThere = new Set(events.flatMap((event) => (event.type === 'unreachable' ? [event.to] : [])));
  const here = [...new Set([...state.chain, ...state.asked, ...load.keys()])].filter(
    (id) =>
      isHere(policy, id, now) &&
      isAtWork(scene, id) &&
      !isReader(scene, id) &&
      id !== state.author &&
      !notThere.has(id),
  );
  const wasAsked = (id: MemberId): number => Number(state.asked.includes(id));
  return here.sort(
    (a, b) => wasAsked(a) - wasAsked(b) || (load.get(a) ?? 0) - (load.get(b) ?? 0) || (a < b ? -1 : 1),
  );
}

/** It is theirs to take now. */
const atWorkFirst = (scene: Scene, people: readonly MemberId[]): readonly MemberId[] =>
  people.toSorted((a, b) => Number(!isAtWork(scene, a)) - Number(!isAtWork(scene, b)));

function isAtWork(scene: Scene, id: MemberId): boolean {
  const schedule = scene.view.policy.members.get(id)?.schedule;
  return schedule !== undefined && isWorkingAt(schedule, scene.view.now);
}

function withLoad(scene: Scene, id: MemberId): readonly Span[] {
  const open = requestOf(scene).load.get(id) ?? 0;
  return say`${nameOf(scene, id)} (${own(open === 0 ? 'nothing open' : `${open} open`)})`;
}

/** One line for each person asked since the request was last opened: when, and what came of it. */
export function whoWasAsked(scene: Scene): Block | null {
  const events = sinceOpened(requestOf(scene).events);
  const lines: (readonly Span[])[] = [];
  for (const [i, event] of events.entries()) {
    if (event.type !== 'offered') continue;
    // The question that this mail puts is not yet one that was asked.
    if (isReader(scene, event.to) && event.seq === requestOf(scene).state.offer?.seq) continue;
    const outcome = outcomeOf(scene, events.slice(i + 1), event.to);
    lines.push(say`${nameOrYou(scene, event.to)}: asked ${at(scene, event.at)}, ${outcome}`);
  }
  return lines.length === 0 ? null : named('asked', list(lines.slice(-8)));
}

/** Whoever said yes may have left since, and then it is nobody's again. */
function said(scene: Scene, later: readonly ConversationEvent[], to: MemberId): readonly Span[] {
  const left = later.find((event) => event.type === 'accountability-moved' && event.why === 'member-left');
  const gone = left !== undefined && scene.view.policy.members.get(to)?.active !== true;
  return gone ? say`said yes, then left the team` : say`said yes`;
}

function sinceOpened(events: readonly ConversationEvent[]): readonly ConversationEvent[] {
  const opened = events.findLastIndex((event) => event.type === 'reopened' || event.type === 'arrived');
  return events.slice(Math.max(opened, 0));
}

function outcomeOf(scene: Scene, later: readonly ConversationEvent[], to: MemberId): readonly Span[] {
  for (const [i, event] of later.entries()) {
    switch (event.type) {
      case 'declined': {
        const next = later[i + 1];
        if (passesOn(event, next)) return say`passed it to ${nameOrYou(scene, next.to)}`;
        const why = textOf(scene, event.note);
        return why === null || !scene.withWords
          ? say`said\u00a0no`
          : say`said\u00a0no: ${quotation(why, 80)}`;
      }
      case 'accepted':
        return event.by === to ? said(scene, later, to) : say`no answer`;
      case 'lapsed':
        return say`no answer`;
      case 'unreachable':
        if (event.why === 'absent') return say`away`;
        return event.why === 'auto-reply' ? say`away (automatic answer)` : say`the mail did not arrive`;
      case 'withdrawn':
        return event.why === 'member-left' ? say`has left` : say`no longer asked`;
      default:
    }
  }
  return say`no answer yet`;
}
