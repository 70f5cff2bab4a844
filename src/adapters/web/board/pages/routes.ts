/** The pages of the board by their addresses. Whatever a viewer may not see is answered like what is not there. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LearningStanding } from '../../../../app/ports/learning.ts';
import type { MailFlows } from '../../../../app/ports/mail-flow.ts';
import type { ModelRow } from '../../../../app/ports/models.ts';
import type { OpenOutage } from '../../../../app/ports/outages.ts';
import { type OutboxList, OutboxParts } from '../../../../app/ports/outbox-list.ts';
import type { ParkedItem } from '../../../../app/ports/parked.ts';
import type { RequestList, RequestQuestion } from '../../../../app/ports/requests.ts';
import type { WeeklyReportStore } from '../../../../app/ports/weekly-report.ts';
import { weeklyReportOf } from '../../../../app/weekly-report.ts';
import type { MemberId } from '../../../../domain/ids.ts';
import { type Duration, type Instant, MINUTE } from '../../../../domain/instant.ts';
import { headerText } from '../../../../domain/parked/header-text.ts';
import type { WeeklyReport } from '../../../../domain/weekly-report/report.ts';
import { reportDate } from '../../../../domain/weekly-report/weeks.ts';
import type { BoardContext, Pages } from '../context.ts';
import { classifierPage } from './classifier.ts';
import { flowPage } from './flow.ts';
import { frame, type Page } from './frame.ts';
import { isManager, type Look } from './look.ts';
import { MAILS_MAX } from './mails.ts';
import { type NowAsked, nowPage } from './now.ts';
import { OUTBOX_MAX, type OutboxShown, outboxPage } from './outbox.ts';
import { parkedMailPage, parkedPage } from './parked.ts';
import { peoplePage, personPage, teamPage } from './people.ts';
import { requestPage } from './request.ts';
import { urgentFirst } from './request-list.ts';
import { searchPage } from './search.ts';
import { visibleRequest } from './visible.ts';
import { weeksPage } from './weeks.ts';

/** What only some pages are made from. */
export type PageSources = {
  readonly outbox: OutboxList;
  readonly flows: MailFlows;
  readonly outages: { open(): Promise<readonly OpenOutage[]> };
  readonly weeks: WeeklyReportStore;
  readonly models: { list(): Promise<readonly ModelRow[]> };
  readonly learning: {
    standing(): Promise<LearningStanding | null>;
    countExamples(): Promise<{ readonly decided: number; readonly archive: number }>;
  };
};

/** How many requests a screen lists; the first screen also begins with what is stuck, and what is asked of the viewer. */
const SCREEN = 50;
const STUCK_FIRST = 15;
const ASKED_FIRST = 15;
/** Among so many is looked for what is urgent. */
const ASKED_SEEN = 100;

const NONE: RequestList = { requests: [], next: null };

export const lookPages =
  (sources: PageSources): Pages =>
  (app, context) => {
    const { get } = routesOn(app, context);
    addLists(get, context);
    addPeople(get, context);
    addRequests(get, context);
    addParked(get, context);
    addManagers(get, context, sources);
  };

type Asked = { readonly query: (name: string) => string; readonly param: (name: string) => string };
type Answer = (look: Look, asked: Asked) => Promise<Page | null> | Page | null;
type Get = (path: string, answer: Answer) => void;

/** Routes that answer with a page; null: there is none, or not for this viewer. */
function routesOn(app: FastifyInstance, context: BoardContext): { readonly get: Get } {
  return {
    get: (path, answer) =>
      app.get(path, async (request, reply) => {
        const look = await lookOf(context, request);
        const page = await answer(look, askedOf(request));
        if (page === null) return notThere(reply);
        return reply.type('text/html; charset=utf-8').send(frame(look, page, await toldTo(request)));
      }),
  };
}

/** What came of an order waits for the page that a person sees next: one that is only read anew does not take it. */
const toldTo = async (request: FastifyRequest) =>
  request.headers['x-live'] === undefined ? request.told() : null;

async function notThere(reply: FastifyReply): Promise<FastifyReply> {
  reply.callNotFound();
  return reply;
}

async function lookOf({ policy, now, title }: BoardContext, { viewer }: FastifyRequest): Promise<Look> {
  return { viewer, policy: await policy(), now: now(), title };
}

/** What stands in the address, as one short text each: `?a=1&a=2` is neither. */
function askedOf({ query, params }: FastifyRequest): Asked {
  const textIn = (of: unknown, name: string): string => {
    const value =
      typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? Reflect.get(of, name) : '';
    return typeof value === 'string' ? value.slice(0, 500) : '';
  };
  return { query: (name) => textIn(query, name), param: (name) => textIn(params, name) };
}

/** `after` is a place in a list: whoever writes one by hand may be told that there is nothing. */
const from = (after: string): { readonly after: string } | Record<string, never> =>
  after === '' ? {} : { after };

const SHOWS: readonly RequestQuestion['show'][] = ['open', 'stuck', 'unowned', 'done', 'all'];

const showIn = <Show extends RequestQuestion['show']>(
  text: string,
  known: readonly Show[],
  otherwise: Show,
): Show => known.find((one) => one === text) ?? otherwise;

function addLists(get: Get, { requests }: BoardContext): void {
  get('/', async (look, { query }) => {
    const { viewer, policy } = look;
    const { sight } = viewer;
    const asked: NowAsked = {
      show: showIn(query('show'), SHOWS, 'open'),
      inbox: policy.inboxes.has(query('inbox')) ? query('inbox') : '',
      of: policy.members.has(query('of')) ? query('of') : '',
      after: query('after'),
    };
    const narrowed = {
      sight,
      ...(asked.inbox !== '' && { inbox: asked.inbox }),
      ...(asked.of !== '' && { of: [asked.of] }),
    };
    const isFirst = asked.show === 'open' && asked.after === '';
    const [counts, stuck, mine, list] = await Promise.all([
      requests.counts(sight),
      isFirst ? requests.list({ ...narrowed, show: 'stuck', order: 'stuck', limit: STUCK_FIRST }) : NONE,
      isFirst && asked.inbox === '' && asked.of === '' ? askedList(requests, look, viewer.member) : NONE,
      requests.list({
        ...narrowed,
        show: asked.show,
        order: ORDERS[asked.show],
        limit: SCREEN,
        ...from(asked.after),
      }),
    ]);
    const above = new Set([...mine.requests, ...stuck.requests].map(({ id }) => id));
    const below = list.requests.filter(({ id }) => !above.has(id));
    const shownStuck = stuck.requests.filter(({ id }) => !mine.requests.some((one) => one.id === id));
    return nowPage(look, asked, {
      counts,
      asked: mine,
      stuck: { ...stuck, requests: shownStuck },
      list: { ...list, requests: below },
    });
  });
  get('/search', async (look, { query }) => {
    const words = query('q').trim().slice(0, 200);
    const after = query('after');
    const list =
      words === ''
        ? null
        : await requests.list({
            sight: look.viewer.sight,
            show: 'all',
            words,
            order: 'newest',
            limit: SCREEN,
            ...from(after),
          });
    return searchPage(look, words, list);
  });
}

const ORDERS: Readonly<Record<RequestQuestion['show'], RequestQuestion['order']>> = {
  open: 'longest-silent',
  unowned: 'longest-silent',
  stuck: 'stuck',
  done: 'newest',
  all: 'newest',
};

/** The worst first, as `baton requests` and the digest have it, and what is urgent before that. */
async function askedList(
  requests: BoardContext['requests'],
  { viewer }: Look,
  member: MemberId,
): Promise<RequestList> {
  const list = await requests.list({
    ...{ sight: viewer.sight, show: 'open', asked: member, order: 'stuck' },
    limit: ASKED_SEEN,
  });
  return { ...list, requests: urgentFirst(list.requests).slice(0, ASKED_FIRST) };
}

function addPeople(get: Get, { requests }: BoardContext): void {
  get('/people', async (look, { query }) =>
    peoplePage(look, await requests.counts(look.viewer.sight), numberIn(query('after')) ?? 0),
  );
  get('/people/:id', async (look, { param, query }) => {
    const member = look.policy.members.get(param('id'));
    if (member === undefined) return null;
    const show = showIn(query('show'), ['open', 'done'], 'open');
    const after = query('after');
    const { sight } = look.viewer;
    const [counts, asked, list] = await Promise.all([
      requests.counts(sight),
      show === 'open' && after === '' ? askedList(requests, look, member.id) : NONE,
      requests.list({ sight, show, of: [member.id], order: ORDERS[show], limit: SCREEN, ...from(after) }),
    ]);
    return personPage(look, member, { show, after }, { asked, list, counts });
  });
  get('/teams/:id', async (look, { param, query }) => {
    const team = look.policy.teams.get(param('id'));
    if (team === undefined) return null;
    const show = showIn(query('show'), ['open', 'done'], 'open');
    const after = query('after');
    const { sight } = look.viewer;
    const list = await requests.list({
      sight,
      show,
      of: team.members,
      order: ORDERS[show],
      limit: SCREEN,
      ...from(after),
    });
    return teamPage(look, team, { show, after }, list);
  });
}

function addRequests(get: Get, context: BoardContext): void {
  get('/requests/:id', async (look, { param }) => {
    const request = await visibleRequest(context, look.viewer, numberIn(param('id')));
    if (request === null) return null;
    const { histories } = context;
    const [mailsIn, out, heldBack] = await Promise.all([
      histories.mailsIn(request.id, MAILS_MAX),
      histories.mailsOut(request.id),
      histories.mailsHeldBack(request.id),
    ]);
    return requestPage(look, request, { in: mailsIn, out, heldBack });
  });
}

/** The id of a request or a mail; null: no such number is given out. */
const numberIn = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);

function addParked(get: Get, { parked }: BoardContext): void {
  const isTheirs = ({ viewer }: Look, { inboxId, state }: ParkedItem): boolean =>
    viewer.sight.inboxes.includes(inboxId) ||
    state.accountable === viewer.member ||
    state.told.includes(viewer.member);
  get('/parked', async (look) =>
    parkedPage(
      look,
      (await parked.list()).filter((item) => isTheirs(look, item)),
    ),
  );
  get('/parked/:id', async (look, { param }) => {
    const id = numberIn(param('id'));
    const item = id === null ? null : await parked.read(id);
    if (item === null || !isTheirs(look, item)) return null;
    const raw = await parked.readRaw(item.id);
    return parkedMailPage(look, item, raw === null ? '' : headerText(raw));
  });
}

/** What tells of whole inboxes is for whoever decides there. */
function addManagers(get: Get, { now }: BoardContext, sources: PageSources): void {
  const { outbox, flows, outages, weeks, models, learning } = sources;
  const reports = keptForAWhile<WeeklyReport>();
  const forManagers =
    (answer: Answer): Answer =>
    (look, asked) =>
      isManager(look) ? answer(look, asked) : null;
  get(
    '/outbox',
    forManagers(async (look) => {
      const { inboxes } = look.viewer.sight;
      const counts = await outbox.counts(inboxes);
      const lines = await Promise.all(
        OutboxParts.map(
          async (part) => [part, await outbox.list({ part, inboxes, limit: OUTBOX_MAX })] as const,
        ),
      );
      return outboxPage(look, { counts, lines: Object.fromEntries(lines) as OutboxShown['lines'] });
    }),
  );
  get(
    '/flow',
    forManagers(async (look) => {
      const { inboxes } = look.viewer.sight;
      const seen = <Of extends { inboxId: string }>(all: readonly Of[]): Of[] =>
        all.filter(({ inboxId }) => inboxes.includes(inboxId));
      return flowPage(look, seen(await flows.read()), seen(await outages.open()));
    }),
  );
  get(
    '/weeks',
    forManagers(async (look) => {
      const { policy, viewer } = look;
      const weekday = policy.members.get(viewer.member)?.standingMails.weeklyReport?.weekday ?? 0;
      const at = now();
      const date = reportDate(viewer.timeZone, weekday, at);
      const { member } = viewer;
      const report = await reports(`${member} ${date}`, at, () =>
        weeklyReportOf({ store: weeks }, { policy, member, date, at }),
      );
      return weeksPage(look, report);
    }),
  );
  get(
    '/classifier',
    forManagers(async (look) => {
      const [versions, standing, examples] = await Promise.all([
        models.list(),
        learning.standing(),
        learning.countExamples(),
      ]);
      return classifierPage(look, { versions, standing, examples });
    }),
  );
}

const KEPT: Duration = 15 * MINUTE;
const KEPT_MAX = 100;

/** Five weeks of a large inbox take seconds to count, and change little: they are counted once for whoever looks soon. */
function keptForAWhile<Value>() {
  const kept = new Map<string, { readonly at: Instant; readonly value: Promise<Value> }>();
  return (key: string, at: Instant, make: () => Promise<Value>): Promise<Value> => {
    const known = kept.get(key);
    if (known !== undefined && at - known.at < KEPT && at >= known.at) return known.value;
    if (kept.size >= KEPT_MAX) kept.clear();
    const value = make();
    kept.set(key, { at, value });
    // What failed is asked again.
    value.catch(() => kept.delete(key));
    return value;
  };
}
