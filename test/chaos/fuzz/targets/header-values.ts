/** What stands in single header fields: addresses, Message-IDs, dates, subjects, and the block that holds them. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { ADDRESSES_MAX, parseAddressList } from '../../../../src/adapters/mime/address-list.ts';
import { decodeHeaderText } from '../../../../src/adapters/mime/clean-text.ts';
import {
  HEADER_FIELDS_MAX,
  IDENTITY_FIELDS_MAX,
  readHeaderBlock,
} from '../../../../src/adapters/mime/header-fields.ts';
import { parseMailDate } from '../../../../src/adapters/mime/mail-date.ts';
import { domainOf, parseStrictAddress, splitPlus, withTag } from '../../../../src/domain/address.ts';
import { MESSAGE_IDS_MAX, normaliseMessageId, parseMessageIds } from '../../../../src/domain/message-id.ts';
import { oneMailbox } from '../../../../src/domain/sender-authentication/author.ts';
import { parseReceived } from '../../../../src/domain/sender-authentication/received.ts';
import { baseSubject, isAnswerSubject, referenceIn } from '../../../../src/domain/subject.ts';
import { canonicalSubject, isOtherTopic } from '../../../../src/domain/topic.ts';
import { seedFields, seedHeaders } from '../corpora.ts';
import { makeHeader } from '../mails.ts';
import type { Target } from '../target.ts';
import { Breaking, HeaderWords } from '../words.ts';

const common = {
  lengthMax: 64 * 1024,
  cost: { baseMs: 40, perKilobyteMs: 3 },
  words: [...HeaderWords, ...Breaking],
  make: null,
};

export const addresses: Target = {
  ...common,
  name: 'addresses',
  promise: 'every address is one line, and where one author is certain no other is shown',
  seeds: () => seedFields(/^(?:from|to|cc|reply-to|sender|return-path|delivered-to)$/i),
  check(input) {
    const value = input.toString('utf8').replace(/[\r\n]+/g, ' ');
    const list = parseAddressList(value);
    assert(list.length <= ADDRESSES_MAX, 'there are more addresses than there may be');
    for (const { address } of list) {
      assert(
        !/\s/.test(address) || parseStrictAddress(address) === null,
        'a plain address holds white space',
      );
      checkStrict(address);
    }
    checkStrict(value.trim());
    const author = oneMailbox(value);
    if (author === null) return;
    assert.equal(parseStrictAddress(author), author, 'the one author is no plain address');
    assert.deepEqual(
      list.map(({ address }) => address),
      [author],
      'the one author is not the one who is shown',
    );
  },
};

function checkStrict(text: string): void {
  const address = parseStrictAddress(text);
  if (address === null) return;
  assert.match(address, /^[!-?A-~]+@[a-z0-9.-]+$/, 'a strict address has what no envelope may have');
  assert.equal(parseStrictAddress(address), address, 'a strict address is not strict again');
  assert.equal(domainOf(address), address.slice(address.lastIndexOf('@') + 1), 'the domain is another');
  if (address.indexOf('@') > 50) return;
  const { base, tag } = splitPlus(withTag(address, 'abc'));
  assert.deepEqual([base, tag], [address, 'abc'], 'a tag does not come off again');
}

export const ids: Target = {
  ...common,
  name: 'ids',
  promise: 'Message-IDs are bounded, of one line, and read back as themselves',
  seeds: () => seedFields(/^(?:message-id|in-reply-to|references)$/i),
  check(input) {
    const value = input.toString('latin1');
    const found = parseMessageIds(value);
    assert(found.length <= MESSAGE_IDS_MAX, 'there are more ids than there may be');
    assert.equal(new Set(found).size, found.length, 'an id is there twice');
    const one = normaliseMessageId(value);
    for (const id of one === null ? found : [one, ...found]) {
      assert(id.length > 0 && id.length <= 998 && !/[\s\0<>]/.test(id), 'an id has what no id may have');
      if (!/=\?|&[lg]t;/.test(id))
        assert.deepEqual(parseMessageIds(`<${id}>`), [id], 'an id is read as another');
    }
  },
};

export const headers: Target = {
  ...common,
  name: 'headers',
  promise: 'the block is fields of one line each, and every value is read to an end',
  lengthMax: 256 * 1024,
  seeds: seedHeaders,
  make: (chance) => Buffer.from(makeHeader(chance)),
  check(input) {
    const { fields, bodyStart, warnings } = readHeaderBlock(input);
    const most = HEADER_FIELDS_MAX + IDENTITY_FIELDS_MAX;
    assert(fields.length <= most, 'there are more fields than there may be');
    assert(bodyStart >= 0 && bodyStart <= input.length, 'the body begins outside of the mail');
    for (const warning of warnings) assert.match(warning, /^[a-z0-9-]+: \S/, 'a warning begins with no word');
    for (const { name, value } of fields) {
      assert(/^[^\sA-Z:]+$/.test(name), 'the name of a field is no name');
      assert(!/[\r\n]/.test(value), 'the value of a field has more than one line');
      decodeHeaderText(value);
      parseReceived(value);
      const date = parseMailDate(value);
      assert(date === null || Number.isSafeInteger(date), 'a date is no instant');
    }
  },
};

export const subject: Target = {
  ...common,
  name: 'subject',
  promise: 'what is taken off a subject is off, and a number in it is one',
  seeds: () => seedFields(/^(?:subject|thread-topic)$/i),
  check(input) {
    const text = decodeHeaderText(input.toString('utf8'));
    const base = baseSubject(text);
    assert.equal(baseSubject(base), base, 'more comes off at a second time');
    isAnswerSubject(text);
    canonicalSubject(text);
    isOtherTopic(text, base);
    const number = referenceIn(text);
    assert(number === null || text.includes(`#${number}`), 'a number that does not stand there');
  },
};
