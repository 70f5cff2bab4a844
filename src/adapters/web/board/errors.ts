/** What the board says when there is no page to show: in plain words, and nothing about the inside. */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { FormFault } from '../../../domain/command/from-form.ts';
import { html } from '../html.ts';
import { plainPage } from './plain-page.ts';

const WORDS = {
  400: ['This could not be understood', 'Go back, load the page again and try once more.'],
  403: [
    'This form is not valid any more',
    'Nothing was done. It may come from an old page or another site: open the board anew and try once more.',
  ],
  404: ['There is nothing here', 'No such page exists, or it is not for you to see.'],
  405: [
    'This cannot be done here',
    'Pages of the board are read, and its forms are sent; there is nothing else.',
  ],
  413: [
    'This is too much at once',
    'Nothing was done. Write less, or answer by mail, where there is more room.',
  ],
  414: ['This address is too long', 'Open the board anew.'],
  415: ['This form cannot be read', 'Nothing was done. Use the forms of the board.'],
  421: [
    'This is not the address of the board',
    'It answers only under the address that its configuration names.',
  ],
  429: ['That was too often', 'Wait a few minutes, then try again.'],
  500: [
    'This page could not be made just now',
    'Load it again. If that does not help, tell whoever looks after Baton.',
  ],
} as const;
export type ErrorStatus = keyof typeof WORDS;

export function sendError(reply: FastifyReply, status: ErrorStatus): FastifyReply {
  const [title, words] = WORDS[status];
  const body = html`<p>${words}</p><p><a href="/">To the board</a></p>`;
  if (status === 405) reply.header('allow', 'GET, HEAD, POST');
  return reply.code(status).type('text/html; charset=utf-8').send(plainPage(title, body));
}

const FAULTS: Readonly<Record<FormFault, string>> = {
  verb: 'It says nothing that can be done here.',
  when: 'The time could not be read. Write for example: tomorrow 9:00, Friday, 24 December, or 2026-03-05.',
  text: 'There is no text in it.',
  to: 'It names nobody.',
  address: 'There is no address in it.',
  category: 'It names no category.',
  number: 'There is no number of a request in it, such as 1042.',
};

/** What was typed is not lost: the button that goes back shows it again. */
export const sendFault = (reply: FastifyReply, fault: FormFault): FastifyReply =>
  reply
    .code(422)
    .type('text/html; charset=utf-8')
    .send(
      plainPage(
        'Nothing was done',
        html`<p>${FAULTS[fault]}</p><p>Go back in your browser: what you wrote is still there.</p>`,
      ),
    );

/** `failed` hears of what is our fault; what browsers send wrongly is theirs. */
export function addErrorPages(app: FastifyInstance, failed: (error: FastifyError) => void): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = statusOf(error);
    if (status === 500) failed(error);
    return sendError(reply, status);
  });
}

function statusOf({ statusCode = 500 }: FastifyError): ErrorStatus {
  if (Object.hasOwn(WORDS, statusCode)) return statusCode as ErrorStatus;
  return statusCode >= 400 && statusCode < 500 ? 400 : 500;
}
