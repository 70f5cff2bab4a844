/**
 * Forms of the board: each comes from a page of the board itself, which the browser says, and holds the word that only
 * such a page knows. Either alone would keep other sites out; together they also outlive a mistake in one of them.
 */
import type { FastifyRequest } from 'fastify';
import { isSame } from '../../../domain/sign-in.ts';
import { isOurOrigin, type Place } from './place.ts';

export type Fields = Readonly<Record<string, string>>;

/** The fields of a form; one that comes twice counts as its first, and what is no text as none. */
export function fieldsOf({ body }: Pick<FastifyRequest, 'body'>): Fields {
  if (typeof body !== 'object' || body === null) return {};
  const fields = Object.entries(body).flatMap(([name, value]) => {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? [[name, first] as const] : [];
  });
  return Object.fromEntries(fields);
}

/** `right`: what its page was given. */
export function isOurForm(place: Place, request: FastifyRequest, right: string): boolean {
  return isFromOurPage(place, request) && isSame(fieldsOf(request).csrf ?? '', right);
}

/** Every browser of today sends one of the two with a form. */
function isFromOurPage(place: Place, { headers }: FastifyRequest): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined && site === undefined) return false;
  return (
    (origin === undefined || isOurOrigin(place, origin)) && (site === undefined || site === 'same-origin')
  );
}
