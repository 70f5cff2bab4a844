/** The look back as JSON: figures for each inbox, and every request once with what became of it. */
import { type Duration, HOUR, type Instant, toDate } from '../domain/instant.ts';
import type { InboxLookBack, LookBack, LookedAt, Times, Within } from '../domain/look-back/look-back.ts';
import type { DatedMail } from '../domain/look-back/past-thread.ts';
import type { LookedBack } from './look-back-words.ts';
import type { Sent } from './send-past.ts';

export function lookBackAsJson(
  { past, days, source, inboxGuessed, unreadable, folders }: LookedBack,
  sent: readonly Sent[] | null,
): object {
  const { from, until, inboxes, mails, undated, elsewhere } = past;
  return {
    source,
    from: from === null ? null : date(from),
    until: date(until),
    days,
    inboxGuessed,
    mails,
    undated,
    unreadable,
    ...(folders.length > 0 && {
      folders: folders.map(({ inbox, folder, mails: read }) => ({ inbox, ...folder, mails: read })),
    }),
    elsewhere,
    inboxes: inboxes.map(inboxAsJson),
    requests: requestsAsJson(past, source),
    ...(sent !== null && { sent }),
  };
}

function inboxAsJson(inbox: InboxLookBack): object {
  const { inbox: id, address, requests, answered, needsNone, neverAnswered, overTwoDays } = inbox;
  return {
    ...{ id, address, requests: requests.length, answered, waiting: inbox.waiting.length, needsNone },
    ...{ neverAnswered, fresh: inbox.fresh, answeredTwice: inbox.twice.length, overTwoDays },
    firstAnswer: {
      wall: timesAsJson(inbox.firstAnswer.wall),
      working: inbox.firstAnswer.working === null ? null : timesAsJson(inbox.firstAnswer.working),
    },
    owners: inbox.owners,
    noRule: inbox.owners === null ? null : inbox.noRule.length,
  };
}

const timesAsJson = ({ count, waiting, half, most }: Times): object => ({
  count,
  waiting,
  medianHours: hoursOf(half),
  ninetiethHours: hoursOf(most),
});

/** `over`: fewer than that share have had an answer yet, so that nobody knows how long it takes. */
const hoursOf = (within: Within | null): object | null =>
  within === null ? null : { hours: within === 'not-yet' ? null : hours(within), over: within === 'not-yet' };

const hours = (span: Duration): number => Math.round((span / HOUR) * 100) / 100;

const requestsAsJson = ({ inboxes }: LookBack, source: LookedBack['source']): object[] =>
  inboxes
    .flatMap(({ requests }) => requests)
    .toSorted((a, b) => a.opener.date - b.opener.date)
    .map((request) => requestAsJson(request, source));

function requestAsJson(request: LookedAt, source: LookedBack['source']): object {
  const { opener, customer, status, since, waited, answeredAt, twice, wouldOwn, inbox, beganBefore } =
    request;
  return {
    inbox,
    ...place(opener, source),
    messageId: opener.messageId,
    date: date(opener.date),
    customer,
    subject: opener.subject,
    status,
    answeredBefore: answeredAt !== null || beganBefore,
    firstAnswerHours: answeredAt === null || beganBefore ? null : hours(answeredAt - opener.date),
    waitingSince: since === null ? null : date(since),
    waitedHours: since === null ? null : hours(waited),
    waiting: request.open.map((mail) => ({ ...place(mail, source), messageId: mail.messageId })),
    answeredTwice: twice.map(({ asked, answers }) => ({
      ...place(asked, source),
      messageId: asked.messageId,
      by: answers.map(({ from, date: at, messageId }) => ({
        from: from[0] ?? null,
        date: date(at),
        messageId,
      })),
    })),
    owner: wouldOwn?.member ?? null,
    rule: opener.ruled?.ruleId ?? null,
    category: opener.ruled?.category ?? null,
    fitsRule: wouldOwn === null ? null : wouldOwn.byRule,
    why: opener.ruled?.reason.sentence ?? null,
  };
}

const place = ({ place: at }: DatedMail, source: LookedBack['source']): object =>
  source === 'archive' ? { file: fileOf(at) } : { place: at };

/** An mbox holds many mails: they are told apart by a number behind the file's name. */
export const fileOf = (at: string): string => at.replace(/\0\d+$/, '');

const date = (at: Instant): string => toDate(at).toISOString();
