/** Addresses and Message-IDs, read for the keyed names that we gave out (domain/reply-token). */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { splitPlus } from '../../../../src/domain/address.ts';
import {
  isKeyedName,
  keyOfMessageId,
  noticeKey,
  replyToken,
  tokenHash,
} from '../../../../src/domain/reply-token.ts';
import type { Target } from '../target.ts';
import { Breaking } from '../words.ts';

const SECRET = 'a secret of thirty-two characters';
const INBOX = 'office@elm.example';

export const Issued: readonly string[] = Array.from({ length: 8 }, (_, i) =>
  replyToken(SECRET, {
    member: i === 7 ? null : `member-${i}`,
    purpose: i === 7 ? 'outside' : 'request',
    conversationId: 1_000 + i,
    subject: null,
    epoch: i,
    shown: null,
    answered: 0,
  }),
);
const Keys: readonly string[] = Array.from({ length: 4 }, (_, i) => noticeKey(SECRET, `notice-${i}`));

/** A reader of tokens: the hash by which the database is asked, or null. */
export type ReadToken = (address: string) => string | null;

const readToken: ReadToken = (address) => {
  const { base, tag } = splitPlus(address);
  return tag !== null && isKeyedName(tag) && base.toLowerCase() === INBOX
    ? tokenHash(tag.toLowerCase())
    : null;
};

export const tokenTarget = (read: ReadToken): Target => ({
  name: 'token',
  promise: 'what we did not give out opens nothing, and a changed case opens the same',
  lengthMax: 4 * 1024,
  cost: { baseMs: 30, perKilobyteMs: 2 },
  words: [...Issued, ...Keys, INBOX, 'office', '@elm.example', '+', '=', 'ſ', 'K', 'ı', ...Breaking],
  seeds: () => [
    ...Issued.map((one) => Buffer.from(`office+${one}@elm.example`)),
    ...Keys.map((one) => Buffer.from(`${one}@elm.example`)),
  ],
  make: (chance) => {
    const whole = chance.pick(Issued);
    const cut = whole.slice(0, Math.floor(chance.next() * 27));
    const cased = [...cut].map((letter) => (chance.happens(0.3) ? letter.toUpperCase() : letter)).join('');
    const tail = chance.happens(0.5) ? '' : chance.pick(Issued).slice(0, Math.floor(chance.next() * 27));
    return Buffer.from(
      `${chance.pick(['office', 'OFFICE', 'office+x', 'billing'])}+${cased}${tail}@elm.example`,
    );
  },
  check(input) {
    const address = input.toString('utf8');
    const hash = read(address);
    const opened = Issued.find((one) => tokenHash(one) === hash);
    const written = /^office\+([a-zA-Z2-7]{26})@elm\.example$/i.exec(address)?.[1] ?? null;
    const given = written === null ? undefined : Issued.find((one) => one === asciiLower(written));
    assert.equal(opened, given, 'opened what was not given out, or did not what was');
    assert.equal(read(address), hash, 'the same address is read otherwise');
    const key = keyOfMessageId(address);
    if (key !== null) {
      assert.match(key, /^[a-z2-7]{26}$/, 'a key of another form');
      assert(address.toLowerCase().startsWith(`${key}@`), 'a key that does not stand there');
    }
  },
});

const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export const token: Target = tokenTarget(readToken);
