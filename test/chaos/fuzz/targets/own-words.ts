/** Where words of others go into what is ours: the mails that we compose, and the configuration that people write. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHeaderBlock } from '../../../../src/adapters/mime/header-fields.ts';
import { composeMail } from '../../../../src/adapters/smtp/compose.ts';
import { parseConfig } from '../../../../src/config/load.ts';
import { NoWordings } from '../../../../src/config/notices.ts';
import { toPolicy } from '../../../../src/config/policy.ts';
import { parseStrictAddress } from '../../../../src/domain/address.ts';
import { fromIso } from '../../../../src/domain/instant.ts';
import { seedFields } from '../corpora.ts';
import type { Target } from '../target.ts';
import { Breaking, HeaderWords } from '../words.ts';

const FIELDS = [
  ...[
    'from',
    'to',
    'reply-to',
    'in-reply-to',
    'references',
    'subject',
    'message-id',
    'x-baton-request',
    'date',
  ],
  ...['mime-version', 'content-transfer-encoding', 'content-type'],
];
const CUSTOMER = 'maria@x.example';

export const compose: Target = {
  name: 'compose',
  promise:
    'a mail of ours has the fields that it should and goes to whom it should, whatever stands in names and words',
  lengthMax: 8 * 1024,
  cost: { baseMs: 120, perKilobyteMs: 20 },
  words: [
    ...HeaderWords,
    ...Breaking,
    'Bcc: x@evil.example',
    '\r\nBcc: x@evil.example',
    '\r\n.\r\n',
    'RCPT TO:<x>',
  ],
  seeds: () => seedFields(/^(?:from|subject|to)$/i),
  make: null,
  async check(input) {
    const words = input.toString('utf8');
    const raw = await composeMail({
      from: { name: words, address: 'office@elm.example' },
      to: { name: words, address: CUSTOMER },
      replyTo: { name: words, address: 'office+token@elm.example' },
      subject: words,
      messageId: 'n1@elm.example',
      inReplyTo: 'c1@x.example',
      references: [words, 'c0@x.example'],
      date: fromIso('2026-01-05T07:08:09Z'),
      headers: { 'X-Baton-Request': words },
      text: words,
      html: null,
      attachments: [],
    });
    const bytes = Buffer.from(raw);
    const { fields } = readHeaderBlock(bytes);
    const names = fields.map(({ name }) => name);
    const known = names.filter((name) => FIELDS.includes(name));
    assert.deepEqual(names, known, 'there is a field that nobody asked for');
    assert.equal(new Set(names).size, names.length, 'there is a field twice');
    const to = fields.find(({ name }) => name === 'to')?.value ?? '';
    assert(to.endsWith(`<${CUSTOMER}>`) || to === CUSTOMER, 'it goes to somebody else');
    const text = bytes.toString('latin1');
    assert(!/(?<!\r)\n|\r(?!\n)/.test(text), 'a line ends otherwise than by CR LF');
    for (const line of text.split('\r\n')) assert(line.length <= 998, 'a line is longer than SMTP takes');
  },
};

const EXAMPLE = join(import.meta.dirname, '../../../../config/baton.example.yaml');
const around = {
  secretFile: () => ({ error: 'there is none' }) as never,
  notices: () => ({ wordings: NoWordings, problems: [], why: null }),
};

export const config: Target = {
  name: 'config',
  promise: 'any file is a configuration or a list of problems, each at its line and without its secrets',
  lengthMax: 24 * 1024,
  cost: { baseMs: 400, perKilobyteMs: 40 },
  words: [
    ...[
      'inboxes:',
      'members:',
      'team:',
      'address: ',
      'office@elm.example',
      '&a',
      '*a',
      '<<: *a',
      '!!binary ',
      '? ',
      '- ',
      ': ',
      '{',
      '}',
    ],
    ...[
      '[',
      ']',
      '|',
      '>',
      '"',
      "'",
      '#',
      '---',
      '...',
      '\n  ',
      `$\{SECRET}`,
      '{file: x}',
      'secret: ',
      '~',
      'null',
      '1e400',
      '0o17',
    ],
    ...[
      'timeZone: Europe/Berlin',
      'hours: {mon: "9:00-17:00"}',
      'categories:',
      'ladders:',
      'rota:',
      '__proto__: ',
      ...Breaking,
    ],
  ],
  seeds: () => [readFileSync(EXAMPLE), ...seedFields(/^x-nothing$/)],
  make: null,
  check(input) {
    const parsed = parseConfig(input.toString('utf8'), 'baton.yaml', { SECRET: CANARY.repeat(4) }, around);
    if (parsed.ok) {
      for (const address of [...toPolicy(parsed.config).inboxes.values()].map((inbox) => inbox.address))
        assert(parseStrictAddress(address) !== null, 'an inbox has no plain address');
      return;
    }
    assert(parsed.problems.length > 0, 'it is refused without a reason');
    for (const { line, column } of parsed.problems)
      assert(
        Number.isSafeInteger(line) && line >= 0 && Number.isSafeInteger(column),
        'a problem has no place',
      );
    assert(!JSON.stringify(parsed.problems).includes(CANARY), 'a problem tells a secret');
  },
};

const CANARY = 'a5f0c9e1b7';
