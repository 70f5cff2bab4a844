/** Whole mails, read as the classifier reads them: each rung here, and by the pool in its killable children. */
import assert from 'node:assert/strict';
import { parseInProcess, readFilesInProcess } from '../../../../src/adapters/mime/parse-mail.ts';
import { openParserPool } from '../../../../src/adapters/mime/parser-pool.ts';
import { DefaultReadLimits } from '../../../../src/adapters/mime/read-limits.ts';
import type { MailParser } from '../../../../src/app/ports/mail-parser.ts';
import { FailureReasons } from '../../../../src/domain/delivery-failure.ts';
import type { Address, Mail } from '../../../../src/domain/message.ts';
import { ScreeningKinds, screen } from '../../../../src/domain/screening.ts';
import { authorOf } from '../../../../src/domain/sender-authentication/author.ts';
import { contentHash, linksOf, threadKeys } from '../../../../src/domain/threading.ts';
import { seedMails } from '../corpora.ts';
import { makeMail } from '../mails.ts';
import type { Target } from '../target.ts';
import { Breaking, FieldNames, HeaderWords, HtmlWords, MimeWords, QuoteWords } from '../words.ts';

const LIMITS = { ...DefaultReadLimits, textCharactersMax: 200_000 };
const OWN = { addresses: ['office@elm.example'], domains: [] };
const words = [...HeaderWords, ...MimeWords, ...HtmlWords, ...QuoteWords, ...Breaking, ...FieldNames];

export const parse: Target = {
  name: 'parse',
  promise: 'every rung makes one mail that has the form of a mail, and every rung reads the same header',
  lengthMax: 256 * 1024,
  cost: { baseMs: 400, perKilobyteMs: 15 },
  words,
  seeds: seedMails,
  make: makeMail,
  async check(input) {
    const first = await parseInProcess(input, { limits: LIMITS });
    checkMail(first);
    const header = await parseInProcess(input, { rung: 'header', limits: LIMITS });
    checkMail(header);
    assert.deepEqual(identity(header), identity(first), 'the rungs read different headers');
    const second = await parseInProcess(input, { rung: 'second', limits: LIMITS });
    checkMail(second);
    assert.deepEqual(identity(second), identity(first), 'the rungs read different headers');
    const { kind } = screen(first, OWN);
    assert(ScreeningKinds.includes(kind), 'a kind that is not on the list');
    contentHash(first);
    threadKeys(first);
    linksOf(first);
    checkAuthor(first);
    const { files } = await readFilesInProcess(input, Number.MAX_SAFE_INTEGER, { limits: LIMITS });
    assert.deepEqual(
      files.map(({ content }) => content.length),
      first.attachments.map(({ size }) => size),
      'the files are not those that the mail is said to have',
    );
  },
};

/** All that a decision rests on besides the words of the mail. */
const identity = ({
  messageId,
  from,
  sender,
  to,
  cc,
  replyTo,
  returnPath,
  subject,
  date,
  references,
}: Mail) => ({
  ...{ messageId, from, sender, to, cc, replyTo, returnPath, subject, date, references },
});

function checkMail(mail: Mail): void {
  const text = JSON.stringify(mail);
  assert(!text.includes('\\u0000'), 'NUL is in it, which PostgreSQL does not take');
  assert(text.isWellFormed() && !/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text), 'half a letter is in it');
  for (const list of [mail.from, mail.sender, mail.to, mail.cc, mail.replyTo]) checkAddresses(list);
  for (const { name, value } of mail.headers) {
    assert(/^[^\sA-Z:]+$/.test(name), 'the name of a field is no name');
    assert(!/[\r\n]/.test(value), 'the value of a field has more than one line');
  }
  for (const line of [mail.subject, mail.messageId ?? '', mail.returnPath ?? '', ...mail.references])
    assert(!/[\r\n]/.test(line), 'what is one line has more');
  assert(mail.date === null || Number.isSafeInteger(mail.date), 'the date is no instant');
  assert(mail.text.length <= LIMITS.textCharactersMax + 4_000, 'the text is longer than it may be');
  assert(mail.attachments.length <= LIMITS.attachmentsMax, 'there are more files than there may be');
  for (const { contentType, size, filename } of mail.attachments) {
    assert(Number.isSafeInteger(size) && size >= 0, 'a file has no size');
    assert(/^[!-~]+$/.test(contentType), 'a file has a type that is none');
    assert(filename === null || !/[\r\n\0]/.test(filename), 'the name of a file has more than one line');
  }
  for (const warning of mail.warnings)
    assert.match(warning, /^[a-z0-9-]+: \S/, 'a warning begins with no word');
  assert.match(mail.bodyHash, /^[0-9a-f]{64}$/, 'the hash is none');
  for (const { action, reason, diagnostic } of mail.report?.recipients ?? []) {
    assert(['failed', 'delayed', 'delivered', 'relayed', 'expanded', ''].includes(action), 'no such action');
    assert(reason === null || reason in FailureReasons, 'no such reason');
    assert(!/[\r\n]/.test(diagnostic), 'what a server said has more than one line');
  }
}

function checkAddresses(list: readonly Address[]): void {
  assert(list.length <= LIMITS.addressesMax, 'there are more addresses than there may be');
  for (const { name, address } of list) {
    assert(!/[\r\n\0]/.test(`${name}${address}`), 'an address has more than one line');
    const at = address.lastIndexOf('@');
    assert(at < 0 || !/[A-Z]/.test(address.slice(at)), 'a domain is not in lower case');
  }
}

/** Where the sender is beyond doubt, it is the one that the mail is shown to be from. */
function checkAuthor(mail: Mail): void {
  const author = authorOf(mail.headers, mail.warnings);
  if ('doubt' in author) return;
  assert.equal(mail.from.length, 1, 'the one author is not all that From is shown to hold');
  assert.equal(mail.from[0]?.address, author.address, 'the one author is another than the one that is shown');
}

let opened: MailParser | null = null;

export const pool: Target = {
  name: 'pool',
  promise: 'every mail has an answer within the bounds of a child, the same one as without it',
  lengthMax: 256 * 1024,
  cost: { baseMs: 2_000, perKilobyteMs: 40 },
  words,
  seeds: seedMails,
  make: makeMail,
  async check(input) {
    opened ??= openParserPool();
    const [result] = await opened.parse([input]);
    assert(result !== undefined, 'there was no answer');
    assert(result.ok, `could not be read within bounds: ${result.ok ? '' : result.code}`);
    assert.deepEqual(result.mail, await parseInProcess(input), 'the child reads it otherwise');
    const [again] = await opened.extractReply([{ raw: input, sent: [input] }]);
    assert(again?.ok === true, 'its reply could not be read within bounds');
  },
  async close() {
    await opened?.close();
    opened = null;
  },
};
