/** Mails of the clocks that run while somebody has a request: an answer owed, a date, a rest that is over, a nudge. */
import type { MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import {
  type Block,
  command,
  type Doc,
  named,
  needed,
  own,
  paragraph,
  type Span,
  say,
  spare,
  strong,
  value,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import {
  footer,
  howToGoOn,
  latestFromCustomer,
  latestMails,
  mustBeTaken,
  noteQuote,
  orSomebodyElse,
  yourPart,
} from './parts.ts';
import { at, customerOf, isReader, nameOf, requestOf, type Scene } from './scene.ts';
import { comesBack } from './undeliverable.ts';

export function answerDue(scene: Scene, body: NoticeBody & { readonly kind: 'answer-due' }): Doc {
  const customer = customerOf(scene);
  const when = at(scene, body.answerBy);
  const told =
    body.toldCustomer === null
      ? null
      : say`We told them that it takes until ${spare('told', at(scene, body.toldCustomer))}.`;
  return [
    ...askedFirst(scene),
    needed(
      'question',
      body.missed
        ? paragraph(
            strong('An answer is overdue.'),
            say`${customer} should have had it by ${value('overdue-since', when)}.`,
            told,
          )
        : paragraph(
            say`${customer} expects an answer by ${value('answer-by', when)}${howLong(scene, body.answerBy)}.`,
          ),
    ),
    ...goOn(scene),
  ];
}

const MINUTE = 60_000_000;

/** ` (in 48 minutes)`, while it is a matter of minutes. */
function howLong(scene: Scene, until: Instant): readonly Span[] {
  const minutes = Math.floor((until - scene.view.now) / MINUTE);
  if (minutes < 1 || minutes >= 120) return [];
  return [own(` (in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`)];
}

export function noProgress(scene: Scene, body: NoticeBody & { readonly kind: 'no-progress' }): Doc {
  const customer = customerOf(scene);
  const { overdue, asked } = body;
  const again = wroteSince(scene, body.since) ? say`${customer} wrote again.` : null;
  return [
    needed(
      'question',
      paragraph(
        strong('Please say how this is going.'),
        say`You have said nothing about it since ${value('silent-since', at(scene, body.since))}.`,
        overdue === null
          ? null
          : say`${customer} should have had an answer by ${spare('overdue-since', at(scene, overdue))}.`,
        again,
        say`Answer ${command('note:')} and how it stands, or ${command('snooze until')} and the day when you will look at it again.`,
        asked === null
          ? null
          : say`We asked ${spare('asked', nameOf(scene, asked))} to take it over. It stays yours until they accept.`,
      ),
    ),
    ...goOn(scene),
  ];
}

const wroteSince = (scene: Scene, since: Instant): boolean =>
  latestMails(scene).some(({ storedAt }) => storedAt > since);

export function dueReached(scene: Scene, body: NoticeBody & { readonly kind: 'due-reached' }): Doc {
  const { state } = requestOf(scene);
  const by = state.due?.by ?? null;
  return [
    needed(
      'question',
      paragraph(
        strong('This is due now.'),
        by === null
          ? say`It was to be finished by ${value('due', at(scene, body.due))}.`
          : say`${youOr(scene, by)} wanted it finished by ${value('due', at(scene, body.due))}.`,
        say`For more time, answer ${command('due in 2 working days')}, or whenever it is.`,
      ),
    ),
    ...goOn(scene),
  ];
}

export function snoozeEnded(scene: Scene, body: NoticeBody & { readonly kind: 'snooze-ended' }): Doc {
  const set = requestOf(scene).events.findLast((event) => event.type === 'snoozed');
  const by = set?.type === 'snoozed' ? set.by : null;
  return [
    needed(
      'question',
      paragraph(
        strong('It is time to look at this again.'),
        by === null ? null : say`${youOr(scene, by)} laid it aside until now.`,
        say`To lay it aside again, answer ${command('snooze until tomorrow')}, or whenever it is.`,
      ),
    ),
    by === null ? null : noteQuote(scene, by, body.note),
    ...goOn(scene),
  ].filter((block) => block !== null);
}

export function nudged(scene: Scene, body: NoticeBody & { readonly kind: 'nudged' }): Doc {
  const asks = say`${value('by', nameOf(scene, body.by))} asks how this is going.`;
  const toTell = say`To tell ${nameOf(scene, body.by)}: ${command('note:')} and your text.`;
  return [...askedFirst(scene), needed('question', paragraph(asks)), ...goOn(scene, toTell)];
}

const youOr = (scene: Scene, id: MemberId): Span => (isReader(scene, id) ? own('You') : nameOf(scene, id));

/** Whoever is asked to take it reads that before anything else. */
const askedFirst = (scene: Scene): readonly Block[] =>
  mustBeTaken(scene) ? [named('answers', paragraph(yourPart(scene)))] : [];

/** What it is about, and what its reader can say now. */
function goOn(scene: Scene, toTell: readonly Span[] | null = null): readonly Block[] {
  const owns = isReader(scene, requestOf(scene).state.owner);
  const part = mustBeTaken(scene) ? null : yourPart(scene);
  const answers = owns ? paragraph(toTell, howToGoOn(scene), orSomebodyElse()) : paragraph(toTell, part);
  const unreached = comesBack(scene);
  return [
    ...(unreached === null ? [] : [unreached]),
    ...latestFromCustomer(scene),
    ...(answers.kind === 'paragraph' && answers.spans.length === 0 ? [] : [named('answers', answers)]),
    footer(scene),
  ];
}
