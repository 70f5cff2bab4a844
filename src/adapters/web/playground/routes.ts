/**
 * The playground's pages, added to the board of a demo. Only a machine's own visitors get here and only
 * their own forms act, which is the board's to check. A mail is shown in a frame in which nothing runs and nothing is fetched.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pages } from '../board/context.ts';
import { sendError } from '../board/errors.ts';
import { type Fields, fieldsOf } from '../board/forms.ts';
import { type Person, type Playground, type PostedMail, Skips, type WrittenLetter } from './context.ts';
import { addNews } from './news.ts';
import { PLAYGROUND_SCRIPT, SCRIPT_PATH } from './script.ts';
import { type ShellPage, shell } from './shell.ts';
import { PLAYGROUND_STYLE, STYLE_PATH } from './style.ts';
import { type Draft, mailbox, reading, writing } from './webmail.ts';

/** Of our own, and framing only our own. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** Mails bring styles of their own, and may bring anything: nothing of it runs, is sent or is fetched. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; " +
  "frame-ancestors 'self'; sandbox allow-same-origin";
const YEAR = 'public, max-age=31536000, immutable';

const TEXT_MAX = 20_000;
const SUBJECT_MAX = 300;

export function playgroundPages(playground: Playground): Pages {
  return (app) => {
    letBeFramed(app);
    app.get(STYLE_PATH, (_request, reply) =>
      reply.header('cache-control', YEAR).type('text/css; charset=utf-8').send(PLAYGROUND_STYLE),
    );
    app.get(SCRIPT_PATH, (_request, reply) =>
      reply.header('cache-control', YEAR).type('text/javascript; charset=utf-8').send(PLAYGROUND_SCRIPT),
    );
    addNews(app, '/playground/events', playground.onChange);
    addMailboxes(app, playground);
    addForms(app, playground);
  };
}

/** The pages of the board stand beside the mails, and nowhere else. */
function letBeFramed(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/playground')) return;
    const policy = String(reply.getHeader('content-security-policy') ?? '');
    reply.header(
      'content-security-policy',
      policy.replace(/frame-ancestors [^;]*/, "frame-ancestors 'self'"),
    );
    reply.header('x-frame-options', 'SAMEORIGIN');
  });
}

type Asked = FastifyRequest<{
  Params: { person: string; mail: string };
  Querystring: { answer?: unknown; example?: unknown };
}>;

function addMailboxes(app: FastifyInstance, playground: Playground): void {
  const page = (reply: FastifyReply, shown: ShellPage) =>
    reply
      .header('content-security-policy', PAGE_POLICY)
      .type('text/html; charset=utf-8')
      .send(shell(playground, shown));
  const mailboxOf = (reply: FastifyReply, person: Person, tab: ShellPage['tab']) =>
    page(reply, {
      title: `Mail of ${person.name}`,
      person,
      body: mailbox(playground, person),
      tab,
      isLive: true,
    });

  app.get('/playground', (_request, reply) => {
    const [first] = playground.people();
    return first === undefined ? sendError(reply, 404) : mailboxOf(reply, first, 'guide');
  });
  app.get('/playground/:person', ({ params }: Asked, reply) => {
    const person = personOf(playground, params.person);
    return person === null ? sendError(reply, 404) : mailboxOf(reply, person, 'mail');
  });
  app.get('/playground/:person/write', ({ params, query }: Asked, reply) => {
    const person = personOf(playground, params.person);
    if (person === null) return sendError(reply, 404);
    const title = `A new mail from ${person.name}`;
    const body = writing(playground, person, draftOf(playground, query.example));
    return page(reply, {
      title,
      person,
      body,
      tab: 'mail',
      isLive: false,
    });
  });
  app.get('/playground/:person/mails/:mail', async ({ params, query }: Asked, reply) => {
    const found = mailOf(playground, params);
    if (found === null) return sendError(reply, 404);
    const { person, mail } = found;
    playground.markRead(person.id, mail.id);
    const hasHtml = (await mail.html()) !== null;
    const draft = mail.answers[Number(query.answer ?? -1)] ?? '';
    const body = reading(playground, person, { mail, hasHtml, draft });
    return page(reply, { title: mail.subject || 'A mail', person, body, tab: 'mail', isLive: false });
  });
  app.get('/playground/:person/mails/:mail/shown', async ({ params }: Asked, reply) => {
    const html = (await mailOf(playground, params)?.mail.html()) ?? null;
    if (html === null) return sendError(reply, 404);
    return reply
      .header('content-security-policy', MAIL_POLICY)
      .header('x-frame-options', 'SAMEORIGIN')
      .type('text/html; charset=utf-8')
      .send(html);
  });
}

/** That a form is ours, the server of the board has seen to. */
function addForms(app: FastifyInstance, playground: Playground): void {
  type Sent = FastifyRequest<{ Params: { person: string } }>;
  app.post('/playground/:person/mails', async (request: Sent, reply) => {
    const person = personOf(playground, request.params.person);
    const letter = person === null ? null : letterIn(playground, person, fieldsOf(request));
    if (person === null || letter === null) return sendError(reply, 400);
    await playground.post(person.id, letter);
    return reply.redirect(`/playground/${person.id}`, 303);
  });
  app.post('/playground/time', async (request, reply) => {
    const { skip } = fieldsOf(request);
    const how = Skips.find((one) => one === skip);
    if (how === undefined) return sendError(reply, 400);
    await playground.skip(how);
    return reply.redirect(pageBefore(request), 303);
  });
  app.post('/playground/look-as', (request, reply) => {
    playground.lookAs(fieldsOf(request).member ?? '');
    return reply.redirect(pageBefore(request), 303);
  });
}

/** Back to the page that the form stands on; anything else than a page here is not gone to. */
function pageBefore({ headers }: FastifyRequest): string {
  const { referer = '' } = headers;
  const path = URL.canParse(referer) ? new URL(referer).pathname : '';
  return /^\/playground(?:\/[a-z0-9/-]{1,80})?$/.test(path) ? path : '/playground';
}

const personOf = (playground: Playground, id: string): Person | null =>
  playground.people().find((one) => one.id === id) ?? null;

function mailOf(
  playground: Playground,
  { person: id, mail }: { readonly person: string; readonly mail: string },
): { readonly person: Person; readonly mail: PostedMail } | null {
  const person = personOf(playground, id);
  const number = /^-?\d{1,9}$/.test(mail) ? Number(mail) : Number.NaN;
  const found = person === null ? undefined : playground.mailsOf(id).find((one) => one.id === number);
  return person === null || found === undefined ? null : { person, mail: found };
}

function draftOf({ examples, inboxes }: Playground, asked: unknown): Draft {
  const example = examples.find(({ id }) => id === asked);
  return example ?? { to: inboxes[0]?.address ?? '', subject: '', text: '' };
}

function letterIn(
  playground: Playground,
  person: Person,
  { text: written = '', answers, to: wanted, subject: named = '' }: Fields,
): WrittenLetter | null {
  const text = written.replaceAll('\r\n', '\n').slice(0, TEXT_MAX);
  if (text.trim() === '') return null;
  if (answers !== undefined) {
    const found = mailOf(playground, { person: person.id, mail: answers });
    return found?.mail.direction === 'in' ? { type: 'answer', to: found.mail.id, text } : null;
  }
  const to = playground.inboxes.find(({ address }) => address === wanted)?.address;
  const subject = named
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, SUBJECT_MAX);
  return to === undefined ? null : { type: 'new', to, subject, text };
}
