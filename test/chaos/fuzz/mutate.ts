/**
 * Changes to an input: bits, bytes, words, lines, pieces of others, and one piece repeated until the input is as long
 * as may be, which is what finds readers that take more than linear time.
 */
import { Buffer } from 'node:buffer';
import type { Chance } from '../year/chance.ts';

export type Mutation = {
  readonly chance: Chance;
  readonly words: readonly string[];
  readonly others: readonly Buffer[];
  readonly lengthMax: number;
};

/** Bytes at which readers turn. */
const TURNS = Buffer.from('\0\t\n\r "\'()*,-./:;<=>?@[\\]_&%+#!|~\x7f\x80\xbf\xc3\xe2\xed\xf0\xff', 'latin1');
const NUMBERS = ['0', '-1', '2147483648', '9007199254740993', '99999999999999999999', '1e309', '0x10', '٣'];
const UNIT_MAX = 24;

const upTo = (chance: Chance, end: number): number => Math.floor(chance.next() * end);

/** A place and a later one, mostly near. */
function range(chance: Chance, length: number): [from: number, to: number] {
  const from = upTo(chance, length + 1);
  const span = chance.happens(0.7) ? upTo(chance, 32) : upTo(chance, length + 1);
  return [from, Math.min(length, from + span)];
}

const replace = (input: Buffer, from: number, to: number, ...pieces: readonly Uint8Array[]): Buffer =>
  Buffer.concat([input.subarray(0, from), ...pieces, input.subarray(to)]);

function lineAt(input: Buffer, at: number): [from: number, to: number] {
  const from = input.lastIndexOf(0x0a, Math.max(0, at - 1)) + 1;
  const end = input.indexOf(0x0a, at);
  return [Math.min(from, input.length), end < 0 ? input.length : end + 1];
}

type Change = (input: Buffer, mutation: Mutation) => Buffer;

const flipBit: Change = (input, { chance }) => {
  const changed = Buffer.from(input);
  const at = upTo(chance, input.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << upTo(chance, 8));
  return changed;
};
const setByte: Change = (input, { chance }) => {
  const at = upTo(chance, input.length);
  const byte = chance.happens(0.8) ? (TURNS[upTo(chance, TURNS.length)] ?? 0) : upTo(chance, 256);
  return replace(input, at, at + (chance.happens(0.5) ? 1 : 0), Buffer.from([byte]));
};
const putWord: Change = (input, { chance, words }) => {
  const [from, to] = range(chance, input.length);
  return replace(input, from, chance.happens(0.5) ? from : to, Buffer.from(chance.pick(words)));
};
const putNumber: Change = (input, { chance }) => {
  const [from, to] = range(chance, input.length);
  return replace(input, from, Math.min(to, from + 4), Buffer.from(chance.pick(NUMBERS)));
};
const drop: Change = (input, { chance }) => replace(input, ...range(chance, input.length));
const double: Change = (input, { chance }) => {
  const [from, to] = range(chance, input.length);
  return replace(input, from, from, input.subarray(from, to));
};
const cut: Change = (input, { chance }) => input.subarray(0, upTo(chance, input.length + 1));
const splice: Change = (input, { chance, others }) => {
  const other = chance.pick(others);
  const [from, to] = range(chance, other.length);
  return replace(input, ...range(chance, input.length), other.subarray(from, to));
};
const moveLine: Change = (input, { chance }) => {
  const line = lineAt(input, upTo(chance, input.length));
  const rest = chance.happens(0.5) ? replace(input, ...line) : input;
  const [to] = lineAt(rest, upTo(chance, rest.length));
  return replace(rest, to, to, input.subarray(...line));
};
const repeatMuch: Change = (input, { chance, words, lengthMax }) => {
  const [from] = range(chance, input.length);
  const unit = chance.happens(0.5)
    ? Buffer.from(chance.pick(words) + (chance.happens(0.4) ? chance.pick(words) : ''))
    : input.subarray(from, from + 1 + upTo(chance, UNIT_MAX));
  if (unit.length === 0) return input;
  const room = Math.max(0, lengthMax - input.length);
  const times = Math.floor((chance.happens(0.5) ? room : room / 16) / unit.length);
  return replace(input, from, from, Buffer.alloc(times * unit.length, unit));
};

/** A change stands here as often as it is worth. */
const Changes: readonly Change[] = [
  ...[flipBit, setByte, setByte, putWord, putWord, putWord, putNumber, drop, drop, double, cut, splice],
  ...[splice, moveLine, moveLine],
];
const REPEATED = 0.02;

/** An input made of another one. */
export function mutate(input: Buffer, mutation: Mutation): Buffer {
  const { chance, lengthMax } = mutation;
  let changed = input;
  do changed = chance.pick(Changes)(changed.length === 0 ? Buffer.from('\n') : changed, mutation);
  while (chance.happens(0.6));
  if (chance.happens(REPEATED)) changed = repeatMuch(changed, mutation);
  return changed.length > lengthMax ? changed.subarray(0, lengthMax) : changed;
}
