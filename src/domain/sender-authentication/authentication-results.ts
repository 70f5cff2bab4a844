/**
 * Authentication-Results (RFC 8601 section 2.2), read so that no text inside a comment, a quoted string or the value
 * of a property is ever taken for a result. Where a field departs from the grammar, what follows up to the next
 * semicolon says nothing.
 */
import { asciiLower } from '../address.ts';
import { type Piece, piecesOf } from './structured.ts';

export type AuthenticationResults = {
  /** Who wrote the field; null: Microsoft 365 leaves it out. */
  readonly authservId: string | null;
  readonly results: readonly MethodResult[];
};

export type MethodResult = {
  /** Lower case, without its version: `dmarc`. */
  readonly method: string;
  readonly result: string;
  /** `header.from` and such, in order. */
  readonly properties: readonly { readonly name: string; readonly value: string }[];
};

const VALUE_MAX = 8_000;
const RESULTS_MAX = 50;
/** A keyword and its version. */
const METHOD = /^[a-z][a-z0-9-]*(?:\/\d{1,5})?$/i;

/** Null when the field cannot be read: too long, or a comment or quoted string in it never ends. */
export function parseAuthenticationResults(value: string): AuthenticationResults | null {
  if (value.length > VALUE_MAX) return null;
  const pieces = piecesOf(value, ';=');
  if (pieces === null) return null;
  const segments = split(pieces.filter(({ kind }) => kind !== 'comment'));
  const [first = [], ...others] = segments;
  const hasId = !isMark(first[1], '=');
  // authserv-id [CFWS version]: a version is a number, anything else is no such field.
  if (hasId && (first[0] === undefined || first.length > 2 || !isVersion(first[1]))) return null;
  // Without one the field has to begin with a method, or anything with an equals sign in it would pass for Microsoft's.
  if (!hasId && !(first[0]?.kind === 'word' && METHOD.test(first[0].text))) return null;
  return {
    authservId: hasId ? asciiLower(first[0]?.text ?? '') : null,
    results: (hasId ? others : segments).slice(0, RESULTS_MAX).flatMap(readResult),
  };
}

const isMark = (piece: Piece | undefined, text: string): boolean =>
  piece?.kind === 'mark' && piece.text === text;

const isVersion = (piece: Piece | undefined): boolean =>
  piece === undefined || (piece.kind === 'word' && /^\d{1,5}$/.test(piece.text));

function split(pieces: readonly Piece[]): Piece[][] {
  const segments: Piece[][] = [[]];
  for (const piece of pieces) {
    if (isMark(piece, ';')) segments.push([]);
    else segments.at(-1)?.push(piece);
  }
  return segments;
}

function readResult(segment: readonly Piece[]): MethodResult[] {
  const [method, equals, result] = segment;
  if (method?.kind !== 'word' || !isMark(equals, '=') || result?.kind !== 'word') return [];
  const properties: { name: string; value: string }[] = [];
  let at = 3;
  while (at < segment.length) {
    const [name, mark, value] = segment.slice(at, at + 3);
    if (name?.kind !== 'word' || !isMark(mark, '=') || value === undefined || value.kind === 'mark') break;
    at += 3;
    let text = value.text;
    // A quoted local part with its domain behind it is one value.
    for (let more = segment[at]; more?.adjoins && more.kind !== 'mark'; more = segment[at]) {
      text += more.text;
      at += 1;
    }
    properties.push({ name: asciiLower(name.text), value: text });
  }
  const [name = ''] = method.text.split('/');
  return [{ method: asciiLower(name), result: asciiLower(result.text), properties }];
}

export const valuesOf = ({ properties }: MethodResult, name: string): string[] =>
  properties.filter((property) => property.name === name).map(({ value }) => value);
