/**
 * The door: whoever has the address of a member asks for a link, opens its page in the same browser and confirms. No
 * GET changes anything, so that what opens links by itself (a scanner of mail, a preview) signs nobody in and uses
 * nothing up. Every refusal looks the same.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sessions, Told } from '../../../app/ports/door.ts';
import type { Log } from '../../../app/ports/log.ts';
import type { LinkAsked } from '../../../app/sign-in.ts';
import type { ToldAnswer } from '../../../app/told-on-board.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Policy } from '../../../domain/policy.ts';
import { zoneOf } from '../../../domain/roster.ts';
import { sightOf } from '../../../domain/sight.ts';
import { formToken, isToken, secretHash } from '../../../domain/sign-in.ts';
import { type Html, html } from '../html.ts';
import type { Viewer } from './context.ts';
import { cookiesOf, newSecret } from './cookies.ts';
import { sendError } from './errors.ts';
import { fieldsOf, isOurForm } from './forms.ts';
import { isSecure, localPath, type Place } from './place.ts';
import { plainPage } from './plain-page.ts';
import { type Door, OPEN } from './server.ts';
import { visitorKey } from './visitor.ts';

export type DoorOptions = {
  readonly place: Place;
  readonly secret: string;
  readonly sessions: Sessions;
  /** With who is away by now. */
  readonly policy: () => Promise<Policy>;
  readonly now: () => Instant;
  /** Mails a link to whoever it belongs to. */
  readonly ask: (asked: LinkAsked) => Promise<void>;
  /** What came of an order, in words. */
  readonly wordsOf: (told: Told) => Promise<ToldAnswer | null>;
  readonly log: Log;
};

/** `settled`: when all that was asked for is looked up and mailed. */
export type SignInDoor = Door & {
  readonly settled: () => Promise<void>;
  /** Has the next page of the session tell what came of that order. */
  readonly tell: (request: FastifyRequest, order: string) => Promise<void>;
};

const ADDRESS_MAX = 254;
/** Of one visitor. */
const ASKING = { max: 10, timeWindow: '10 minutes' } as const;
const OPENING = { max: 40, timeWindow: '10 minutes' } as const;
/** Looked up at a time; more at once is no team that comes to work. */
const ASKED_MAX = 50;

export function signInDoor(options: DoorOptions): SignInDoor {
  const { secret, sessions, place } = options;
  const cookies = cookiesOf(place, secret);
  const errands = errandsOf(options);
  const viewerOf = async (request: FastifyRequest): Promise<Viewer | null> => {
    const session = cookies.read(request, 'session');
    const found = session === null ? null : await sessions.find(secretHash(session));
    if (session === null || found === null) return null;
    const policy = await options.policy();
    const sight = sightOf(policy, found.member, options.now());
    if (sight === null) {
      // Whoever has left comes in with nothing any more, also when they come back.
      await sessions.endAll(found.member);
      return null;
    }
    const { member } = found;
    const name = policy.members.get(member)?.name ?? member;
    const timeZone = zoneOf(policy, member, options.now()) ?? 'UTC';
    return { member, name, sight, timeZone, csrf: formToken(secret, session) };
  };
  const routes = (app: FastifyInstance): void => {
    addAsking(app, options, cookies, viewerOf, errands.run);
    addOpening(app, options, cookies);
    addLeaving(app, options, cookies);
  };
  const toldOf: Door['toldOf'] = async (request) => {
    const session = cookies.read(request, 'session');
    const told = session === null ? null : await sessions.takeTold(secretHash(session));
    return told === null ? null : options.wordsOf(told);
  };
  const tell: SignInDoor['tell'] = async (request, order) => {
    const session = cookies.read(request, 'session');
    if (session !== null) await sessions.tell(secretHash(session), order);
  };
  return { viewerOf, toldOf, tell, routes, settled: errands.settled };
}

type Cookies = ReturnType<typeof cookiesOf>;

/** Runs what nobody waits for when the answer is out, so that no answer's time tells what came of it. */
function errandsOf({ log }: DoorOptions) {
  const running = new Set<Promise<void>>();
  return {
    run(reply: FastifyReply, errand: () => Promise<void>): void {
      if (running.size >= ASKED_MAX)
        return log.warn({ step: 'sign-in' }, 'too many links were asked for at once');
      const answered = new Promise<void>((resolve) => reply.raw.once('close', () => resolve()));
      const run = answered
        .then(errand)
        .catch((error: unknown) =>
          log.error({ step: 'sign-in', error: String(error) }, 'no link could be mailed'),
        )
        .finally(() => running.delete(run));
      running.add(run);
    },
    settled: async (): Promise<void> => void (await Promise.all(running)),
  };
}

function addAsking(
  app: FastifyInstance,
  { place, secret, ask }: DoorOptions,
  cookies: Cookies,
  viewerOf: Door['viewerOf'],
  run: (reply: FastifyReply, errand: () => Promise<void>) => void,
): void {
  app.get<{ Querystring: { next?: unknown } }>('/sign-in', OPEN, async (request, reply) => {
    const next = localPath(request.query.next);
    if ((await viewerOf(request)) !== null) return reply.redirect(next, 303);
    const asking = cookies.read(request, 'asking') ?? newSecret();
    cookies.give(reply, 'asking', asking);
    return show(reply, 200, 'Sign in', askForm(formToken(secret, asking), next));
  });
  app.post('/sign-in', { config: { open: true, rateLimit: ASKING } }, async (request, reply) => {
    const asking = cookies.read(request, 'asking');
    if (asking === null || !isOurForm(place, request, formToken(secret, asking)))
      return sendError(reply, 403);
    const { address = '', next } = fieldsOf(request);
    cookies.giveNext(reply, localPath(next));
    const visitor = visitorKey(request);
    const asked = { address, browser: secretHash(asking), from: request.ip, visitor, board: place.url };
    if (address.length <= ADDRESS_MAX) run(reply, () => ask(asked));
    return reply.redirect('/sign-in/asked', 303);
  });
  app.get('/sign-in/asked', OPEN, async (_request, reply) => show(reply, 200, 'Look into your mail', ASKED));
}

const askForm = (csrf: string, next: string): Html => html`<form method="post" action="/sign-in">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="next" value="${next}">
<p><label for="address">Your mail address in the team</label>
<input id="address" name="address" type="email" autocomplete="email" maxlength="${ADDRESS_MAX}" required autofocus></p>
<p><button type="submit">Mail me a link</button></p></form>
<p>There is no password: the link in the mail signs you in.</p>`;

const ASKED = html`<p>If this address belongs to a teammate, a mail is on its way. Open its link in this browser, within a
quarter of an hour.</p><p>Nothing came? Look among the unwanted mail, then <a href="/sign-in">ask once more</a>.</p>`;

function addOpening(
  app: FastifyInstance,
  { place, secret, sessions, policy }: DoorOptions,
  cookies: Cookies,
): void {
  type Link = { Params: { token: string } };
  const config = { open: true, rateLimit: OPENING } as const;
  const linkOf = (token: string, asking: string | null) =>
    asking === null || !isToken(token) ? null : { tokenHash: secretHash(token), browser: secretHash(asking) };
  app.get<Link>('/sign-in/:token', { config }, async (request, reply) => {
    const asking = cookies.read(request, 'asking');
    const link = linkOf(request.params.token, asking);
    const member = link === null ? null : await sessions.peek(link);
    const known = member === null ? undefined : (await policy()).members.get(member);
    if (asking === null || known?.active !== true) return opensNothing(reply);
    const form = confirmForm(request.params.token, formToken(secret, asking));
    return show(reply, 200, `Sign in as ${known.name}?`, form);
  });
  app.post<Link>('/sign-in/:token', { config }, async (request, reply) => {
    const asking = cookies.read(request, 'asking');
    const link = linkOf(request.params.token, asking);
    if (asking === null || link === null) return opensNothing(reply);
    if (!isOurForm(place, request, formToken(secret, asking))) return sendError(reply, 403);
    const before = cookies.read(request, 'session');
    const session = newSecret();
    const member = await sessions.begin(link, secretHash(session));
    if (member === null) return opensNothing(reply);
    cookies.give(reply, 'session', session);
    // A session is always a new one: what the browser brought along is worth nothing any more.
    if (before !== null) await sessions.end(secretHash(before));
    const next = cookies.readNext(request);
    cookies.giveNext(reply, '/');
    cookies.take(reply, 'asking');
    return reply.redirect(next, 303);
  });
}

const confirmForm = (
  token: string,
  csrf: string,
): Html => html`<form method="post" action="/sign-in/${token}">
<input type="hidden" name="csrf" value="${csrf}"><p><button type="submit" autofocus>Sign in</button></p></form>
<p>Is that not you? Close this page; nothing has happened.</p>`;

const opensNothing = (reply: FastifyReply): FastifyReply =>
  show(
    reply,
    404,
    'This link opens nothing here',
    html`<p>It works once, for a quarter of an hour, and only in the browser in which it was asked for.</p>
<p><a href="/sign-in">Ask for a link</a> in this browser.</p>`,
  );

function addLeaving(app: FastifyInstance, { place, sessions }: DoorOptions, cookies: Cookies): void {
  app.post('/sign-out', async (request, reply) => {
    const session = cookies.read(request, 'session');
    if (fieldsOf(request).everywhere === 'yes') await sessions.endAll(request.viewer.member);
    else if (session !== null) await sessions.end(secretHash(session));
    cookies.take(reply, 'session');
    // Pages of before are not shown again by the button that goes back.
    if (isSecure(place)) reply.header('clear-site-data', '"cache"');
    return reply.redirect('/sign-in', 303);
  });
}

const show = (reply: FastifyReply, status: number, title: string, body: Html): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(plainPage(title, body));
