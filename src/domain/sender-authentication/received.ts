/**
 * Received lines (RFC 5321 section 4.4), and how far down a header our own servers wrote it.
 *
 * Servers add at the top, so the newest lines are ours and everything below the hop that took the mail from outside
 * may have been written by anybody, further Received lines in our name included.
 */
import { asciiLower } from '../address.ts';
import type { Header } from '../message.ts';
import { piecesOf } from './structured.ts';

export type Hop = {
  /** How the server that wrote the line calls itself; null: it does not say. */
  readonly by: string | null;
  readonly from: {
    /** What the client called itself: anything. */
    readonly helo: string;
    /** What the server found out about the client: the comment behind `from`. */
    readonly names: readonly string[];
    readonly ip: string | null;
  } | null;
};

const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** Who took the mail and from whom, as one Received line says; null for what it does not say plainly. */
export function parseReceived(value: string): Hop {
  const pieces = piecesOf(value.slice(0, 4_000), ';') ?? [];
  const end = pieces.findIndex(({ kind }) => kind === 'mark');
  const clauses = end < 0 ? pieces : pieces.slice(0, end);
  const said = clauses.filter(({ kind }) => kind !== 'comment');
  const [first, second, third, fourth] = said.map(({ text }) => text);
  if (isWord(first, 'by')) return { by: hostOf(second), from: null };
  if (!isWord(first, 'from') || !isWord(third, 'by')) return { by: null, from: null };
  const byAt = clauses.findIndex(({ kind, text }) => kind === 'word' && text === third);
  const told = clauses.slice(0, byAt).find(({ kind }) => kind === 'comment')?.text ?? '';
  const words = told.split(/[\s,]+/).filter((word) => word !== '');
  return {
    by: hostOf(fourth),
    from: {
      helo: second ?? '',
      names: words
        .filter((word) => HOST.test(word) && /[A-Za-z]/.test(word) && word.includes('.'))
        .map(asciiLower),
      ip: words.map(ipOf).find((ip) => ip !== null) ?? null,
    },
  };
}

const isWord = (text: string | undefined, word: string): boolean =>
  text !== undefined && asciiLower(text) === word;

const hostOf = (text: string | undefined): string | null =>
  text !== undefined && HOST.test(text) ? asciiLower(text) : null;

/** `[203.0.113.9]`, `[IPv6:2001:db8::1]` or a bare one as Microsoft writes it. */
function ipOf(word: string): string | null {
  const bare = word.replace(/^\[(?:IPv6:)?|\]$/gi, '').replace(/%.*$/, '');
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(bare)) return bare;
  return /^[0-9a-f:]{2,39}(?:\.\d{1,3}){0,3}$/i.test(bare) && bare.split(':').length > 2
    ? asciiLower(bare)
    : null;
}

/** `mx.elm.example` itself, or with a leading dot everything below. */
export const isOurs = (host: string, trusted: readonly string[]): boolean =>
  trusted.some((own) => {
    const name = asciiLower(own);
    return name.startsWith('.') ? asciiLower(host).endsWith(name) : asciiLower(host) === name;
  });

export type TrustedBlock = {
  /** Written by our own servers: everything above the line of our outermost hop. */
  readonly above: readonly Header[];
  /** Between that line and the next Received: ours only if our server removes what strangers put there. */
  readonly below: readonly Header[];
  /** Our outermost hop: the one that took the mail from outside, or where it was handed in. */
  readonly border: Hop | null;
  /** No hop was anybody else's and nothing came from outside: the mail never left our servers. */
  readonly allOurs: boolean;
  /** Whether no hop was taken for ours by what its client called itself alone, which anybody may. */
  readonly certain: boolean;
};

/** How far down `trusted` servers wrote the header: to the hop at which one of them took the mail from outside. */
export function trustedBlock(headers: readonly Header[], trusted: readonly string[]): TrustedBlock {
  const hops = headers.flatMap(({ name, value }, at) =>
    name === 'received' ? [{ at, hop: parseReceived(value) }] : [],
  );
  let border: (typeof hops)[number] | null = null;
  let fromOutside = false;
  let certain = true;
  for (const one of hops) {
    if (one.hop.by === null || !isOurs(one.hop.by, trusted)) break;
    border = one;
    fromOutside = isFromOutside(one.hop, trusted);
    if (fromOutside) break;
    certain &&= !isOursByItsWord(one.hop);
  }
  if (border === null) return { above: [], below: [], border: null, allOurs: false, certain: false };
  const { at } = border;
  const next = hops.find((one) => one.at > at);
  return {
    above: headers.slice(0, at),
    below: headers.slice(at + 1, next?.at ?? headers.length),
    border: border.hop,
    allOurs: next === undefined && !fromOutside,
    certain,
  };
}

/**
 * Whether a hop of ours took the mail from a client that is not ours. What the server itself found out counts before
 * what the client called itself; a private address is one of ours (RFC 1918, RFC 4193).
 */
function isFromOutside({ from }: Hop, trusted: readonly string[]): boolean {
  if (from === null || from.ip === null || isPrivate(from.ip)) return false;
  const names = from.names.length === 0 ? [from.helo] : from.names;
  return !names.some((name) => isOurs(name, trusted));
}

/** Of a hop that is not from outside. Microsoft's servers say no more of each other, and so it has to do elsewhere. */
const isOursByItsWord = ({ from }: Hop): boolean =>
  from !== null && from.ip !== null && !isPrivate(from.ip) && from.names.length === 0;

const PRIVATE =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/;

const isPrivate = (ip: string): boolean => PRIVATE.test(ip);
