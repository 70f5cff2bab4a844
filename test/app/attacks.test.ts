/**
 * Rows 41 to 48 and 52 of the hazards: whoever forges, replays, forwards or guesses changes nothing and hears nothing,
 * and the member in whose name it was done is told. Each attack is followed by the honest answer, which must act:
 * otherwise the attack would have failed for another reason.
 */
import { describe, expect, test } from 'vitest';
import { mailauthCheck } from '../../src/adapters/auth/mailauth-check.ts';
import { DAY } from '../../src/domain/instant.ts';
import {
  answer,
  askPriya,
  comesIn,
  field,
  fieldNames,
  latestTo,
  PRIYA,
  PROVED,
  type Scene,
  since,
  TAKEN,
} from '../support/attack.ts';
import { brokenPromises } from '../support/promises.ts';
import { writeReport } from '../support/reports.ts';
import { KEY_RECORD, SELECTOR, signMail } from '../support/sign.ts';

const TO_LEAH = 'customer-wrote to leah@elm.example';
const TO_PRIYA = 'not-counted to priya@elm.example';

async function expectNothing(
  scene: Scene,
  attack: readonly string[],
  told: readonly string[] = [TO_LEAH, TO_PRIYA],
) {
  const { world, offer } = scene;
  const result = await since(world, () => comesIn(world, attack));
  expect(result.events).toEqual(['attached']);
  expect(result.moved).toBe(false);
  expect(result.told.toSorted()).toEqual(told.toSorted());
  expect(world.store.conversations()).toHaveLength(1);
  const honest = await since(world, () => comesIn(world, answer(offer, [PROVED, TAKEN, PRIYA])));
  expect(honest.events).toEqual(['accepted']);
  expect(await brokenPromises(world)).toEqual([]);
}

describe('hazards 41: a teammate’s address is forged and the text is right', () => {
  test.each([
    ['nothing proves it', [TAKEN, PRIYA]],
    ['DMARC failed', [PROVED.replace('pass', 'fail'), TAKEN, PRIYA]],
    ['DMARC could not be checked', [PROVED.replace('pass', 'temperror'), TAKEN, PRIYA]],
    [
      'another domain is proved',
      [PROVED.replace('elm.example;', 'elm.example;').replace('from=elm', 'from=evil'), TAKEN, PRIYA],
    ],
    ['no server of ours took it', [PROVED, PRIYA]],
  ])('%s', async (_, head) => {
    const scene = await askPriya();
    await expectNothing(scene, answer(scene.offer, head));
  });

  test('nothing signs it, where we check for ourselves', async () => {
    const scene = await askPriya(OWN_CHECK);
    const { world, offer } = scene;
    const forged = await since(world, () => comesIn(world, answer(offer, [PROVED, TAKEN, PRIYA])));
    expect([forged.events, forged.told.toSorted()]).toEqual([['attached'], [TO_LEAH, TO_PRIYA]]);
    const evil = await sign(answer(offer, [PRIYA]), 'evil.example');
    expect((await since(world, () => comesIn(world, evil))).events).toEqual(['attached']);
    const honest = await sign(answer(offer, [PRIYA]), 'elm.example');
    expect((await since(world, () => comesIn(world, honest))).events).toEqual(['accepted']);
  });
});

describe('hazards 42: what our server found is forged', () => {
  const forgedResults = (text: string) => [`Authentication-Results: ${text}`, TAKEN, PRIYA];
  test.each([
    ['in the name of another server', forgedResults('mx.evil.example; dmarc=pass header.from=elm.example')],
    ['below the line of our server', [TAKEN, PROVED, PRIYA]],
    ['below a line of our server that is forged as well', [TAKEN, PROVED, TAKEN, PROVED, PRIYA]],
    ['in a comment', forgedResults('mx.elm.example; spf=pass (; dmarc=pass header.from=elm.example)')],
    [
      'in a comment that hides our server',
      forgedResults('evil (mx.elm.example); dmarc=pass header.from=elm.example'),
    ],
    [
      'in another property',
      forgedResults('mx.elm.example; spf=pass smtp.helo=x dmarc=pass header.from=elm.example'),
    ],
    [
      'in quotation marks',
      forgedResults('mx.elm.example; spf=pass smtp.mailfrom="; dmarc=pass header.from=elm.example"'),
    ],
    [
      'with a second domain',
      forgedResults('mx.elm.example; dmarc=pass header.from=evil.example header.from=elm.example'),
    ],
    ['as an ARC result', [`ARC-${PROVED}`.replace('Results: ', 'Results: i=1; '), TAKEN, PRIYA]],
  ])('%s', async (_, head) => {
    const scene = await askPriya();
    await expectNothing(scene, answer(scene.offer, head));
  });
});

describe('hazards 43: the sender can be read in two ways', () => {
  const proved = (...lines: string[]) => [PROVED, TAKEN, ...lines];
  test.each([
    ['two From fields, ours first', proved(PRIYA, 'From: eve@evil.example')],
    ['two From fields, ours last', proved('From: eve@evil.example', PRIYA)],
    ['two mailboxes', proved('From: priya@elm.example, eve@evil.example')],
    ['a group', proved('From: Team: priya@elm.example;')],
    ['nested brackets', proved('From: <<priya@elm.example>>')],
    ['two bracketed addresses', proved('From: <priya@elm.example> <eve@evil.example>')],
    ['a route', proved('From: <@evil.example:priya@elm.example>')],
    ['NUL in the address', proved('From: priya@elm.example\0@evil.example')],
    ['an encoded word as address', proved('From: =?utf-8?q?priya?=@elm.example')],
    ['a Sender that differs', proved(PRIYA, 'Sender: eve@evil.example')],
    ['a space in front of the colon', proved('From : Priya <priya@elm.example>')],
    ['From behind a bare carriage return', proved(`X: 1\r${PRIYA}`)],
  ])('%s', async (_, head) => {
    const scene = await askPriya();
    await expectNothing(scene, answer(scene.offer, head));
    const reasons = scene.world.store.messages().map(({ reason }) => reason?.code);
    expect(reasons).toContain('ambiguous-sender');
  });
});

describe('hazards 44: a key of ours is used by the wrong person, twice, late or in part', () => {
  const genuine = [PROVED, TAKEN, PRIYA];

  test('a colleague uses it', async () => {
    const scene = await askPriya();
    await expectNothing(scene, answer(scene.offer, [PROVED, TAKEN, 'From: Luis <luis@elm.example>']), [
      TO_LEAH,
    ]);
  });

  test.each([
    ['under the address of that inbox', 'billing@'],
    ['under its own address, with that inbox in copy', 'maintenance@'],
  ])('it comes in by another inbox that asks for no proof, %s', async (_, inbox) => {
    const { world, offer } = await askPriya();
    const own = offer.mail.replyTo[0]?.address ?? '';
    const to = own.replace('maintenance', inbox.slice(0, -1));
    const mail = answer(offer, [TAKEN, PRIYA], 'accept', { to, headers: ['Cc: billing@elm.example'] });
    const { events, moved } = await since(world, async () => {
      world.deliver('billing', Buffer.from(mail.join('\r\n')));
      await world.settle();
    });
    expect([events, moved]).toEqual([['attached'], false]);
    const honest = await since(world, () => comesIn(world, answer(offer, genuine)));
    expect(honest.events).toEqual(['accepted']);
  });

  test('it comes with the bounce of a mail about another request', async () => {
    const { world, offer } = await askPriya();
    await comesIn(world, [
      ...[TAKEN, 'From: jo@example.com', 'To: maintenance@elm.example', 'Subject: Leak in the attic'],
      ...['Message-ID: <attic@example.com>', '', 'It drips.'],
    ]);
    const other = await latestTo(world, 'priya@elm.example');
    expect(other.mail.messageId).not.toBe(offer.mail.messageId);
    const bounce = writeReport({
      lost: other.mail,
      to: offer.mail.replyTo[0]?.address ?? '',
      recipient: 'priya@elm.example',
      date: world.clock.now(),
      id: 'bounce@evil.example',
    });
    const { events, moved } = await since(world, async () => {
      world.deliver('maintenance', bounce);
      await world.settle();
    });
    expect([events, moved]).toEqual([['attached'], false]);
  });

  test('it is cut short or changed by one letter, and nothing else names the request: a new request, and no command', async () => {
    const { world, offer } = await askPriya();
    const whole = offer.mail.replyTo[0]?.address ?? '';
    for (const to of [
      whole.replace(/.@/, '@'),
      whole.replace(/(.)@/, (_, last) => `${last === 'a' ? 'b' : 'a'}@`),
    ]) {
      const mail = answer(offer, genuine, 'accept', { to }).filter(
        (line) => !/^(In-Reply-To|Subject):/.test(line),
      );
      const { events, moved } = await since(world, () =>
        comesIn(world, [...mail.slice(0, 3), 'Subject: x', ...mail.slice(3)]),
      );
      expect([events, moved]).toEqual([[], false]);
    }
  });

  test('it comes in capitals, which some servers make of it: it acts', async () => {
    const { world, offer } = await askPriya();
    const to = (offer.mail.replyTo[0]?.address ?? '').toUpperCase();
    const { events } = await since(world, () => comesIn(world, answer(offer, genuine, 'accept', { to })));
    expect(events).toEqual(['accepted']);
  });

  test('the same mail comes in again, and again with another text under its Message-ID', async () => {
    const { world, offer } = await askPriya();
    const mail = answer(offer, genuine, 'accept', { messageId: 'once@elm.example' });
    await comesIn(world, mail);
    const again = await since(world, async () => {
      await comesIn(world, mail);
      await comesIn(world, ['X-Way: other', ...mail]);
      await comesIn(world, answer(offer, genuine, 'handoff to luis', { messageId: 'once@elm.example' }));
    });
    expect([again.events, again.told]).toEqual([[], []]);
  });

  test('a signed mail comes in again under another Message-ID', async () => {
    const { world, offer } = await askPriya(OWN_CHECK);
    const mail = await sign(
      answer(offer, [PRIYA], 'handoff to luis', { messageId: 'once@elm.example' }),
      'elm.example',
    );
    await comesIn(world, mail);
    const replayed = mail.map((line) => line.replace('once@elm.example', 'twice@elm.example'));
    const added = ['Message-ID: <thrice@elm.example>', ...mail];
    for (const one of [replayed, added]) {
      const { events, moved } = await since(world, () => comesIn(world, one));
      expect([events, moved]).toEqual([['attached'], false]);
    }
  });

  test('it is too old: the words are kept, and nothing moves', async () => {
    const { world, offer } = await askPriya();
    await comesIn(world, answer(offer, genuine));
    await world.advance(31 * DAY);
    const { events, moved } = await since(world, () =>
      comesIn(world, answer(offer, genuine, 'handoff to luis')),
    );
    expect(events.filter((type) => type !== 'noted')).toEqual([]);
    expect(moved).toBe(false);
  });

  test('the request has gone to somebody else meanwhile', async () => {
    const { world, offer } = await askPriya();
    await comesIn(world, answer(offer, genuine, 'handoff to luis'));
    const luis = await latestTo(world, 'luis@elm.example', 'handoff');
    await comesIn(world, answer(luis, [PROVED, TAKEN, 'From: luis@elm.example']));
    const { events, moved } = await since(world, () => comesIn(world, answer(offer, genuine, 'done')));
    expect([events, moved]).toEqual([[], false]);
  });
});

describe('hazards 45: a teammate passes our mail on, and somebody outside answers it', () => {
  test.each([
    ['as themselves', [TAKEN, 'From: eve@evil.example']],
    [
      'as themselves, well proved',
      [PROVED.replaceAll('from=elm.example', 'from=evil.example'), TAKEN, 'From: eve@evil.example'],
    ],
    ['with the teammate’s name', [TAKEN, 'From: "priya@elm.example" <eve@evil.example>']],
  ])('%s', async (_, head) => {
    const scene = await askPriya();
    await expectNothing(scene, answer(scene.offer, head));
  });

  test('on behalf of a machine: a forged out-of-office does not move the question on', async () => {
    const { world, offer } = await askPriya();
    const headers = ['Auto-Submitted: auto-replied'];
    for (const head of [
      [TAKEN, PRIYA],
      [TAKEN, 'From: eve@evil.example'],
    ]) {
      const { events, moved } = await since(world, () =>
        comesIn(world, answer(offer, head, 'Away.', { headers })),
      );
      expect([events, moved]).toEqual([['attached'], false]);
    }
  });
});

describe('hazards 46: the word stands where the sender did not write it', () => {
  const quote = 'On Tue, Mar 3, 2026 at 9:41 AM Elm <maintenance@elm.example> wrote:';
  test.each([
    ['in a quote', `Thanks.\r\n\r\n${quote}\r\n\r\n> accept\r\n> done`],
    ['in a quote alone', `${quote}\r\n\r\n> accept`],
    ['in a signature', 'Hm.\r\n\r\n-- \r\naccept'],
    ['in a sentence', 'I cannot accept this.'],
  ])('%s', async (_, text) => {
    const { world, offer } = await askPriya();
    const { events } = await since(world, () => comesIn(world, answer(offer, [PROVED, TAKEN, PRIYA], text)));
    expect(events.filter((type) => type !== 'noted')).toEqual([]);
  });

  test('in the subject', async () => {
    const { world, offer } = await askPriya();
    const mail = answer(offer, [PROVED, TAKEN, PRIYA], '').map((line) =>
      line.replace(/^Subject: .*/, 'Subject: accept'),
    );
    const { events } = await since(world, () => comesIn(world, mail));
    expect(events).toEqual([]);
  });

  test('in an out-of-office that is really the teammate’s', async () => {
    const { world, offer } = await askPriya();
    const headers = ['Auto-Submitted: auto-replied'];
    const mail = answer(offer, [PROVED, TAKEN, PRIYA], 'accept', { headers });
    const { events } = await since(world, () => comesIn(world, mail));
    expect(events).not.toContain('accepted');
  });
});

describe('hazards 47: a handoff to a name that means nobody in the team', () => {
  test.each([
    ['with a Cyrillic letter in it', 'handoff to L\u0435ah'],
    ['with a Greek letter in it', 'handoff to L\u03c5is'],
    ['of an address outside', 'handoff to eve@evil.example'],
    ['of somebody who has left', 'handoff to sam'],
    ['of oneself', 'handoff to priya'],
  ])('%s', async (_, text) => {
    const { world, offer } = await askPriya();
    const { inboxes, members } = world.policy();
    await world.configure({
      ...world.policy(),
      inboxes,
      members: new Map([...members].filter(([id]) => id !== 'sam')),
    });
    await comesIn(world, answer(offer, [PROVED, TAKEN, PRIYA]));
    const head = [PROVED, TAKEN, PRIYA];
    const mail = answer(offer, head, text, { headers: ['Content-Type: text/plain; charset=utf-8'] });
    const { moved, told } = await since(world, () => comesIn(world, mail));
    expect([moved, told]).toEqual([false, ['receipt to priya@elm.example']]);
  });
});

describe('hazards 48: header fields are smuggled into our mails', () => {
  const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
  const BAD = [
    'x\r\nBcc: eve@evil.example',
    'x\u2028Bcc: eve@evil.example',
    'x\u0085Bcc: y',
    'N'.repeat(5_000),
    '\u202ex\0y',
  ];
  const ALLOWED = new Set([
    ...['from', 'to', 'reply-to', 'subject', 'date', 'message-id', 'in-reply-to', 'references'],
    ...['mime-version', 'content-type', 'content-transfer-encoding'],
    ...['auto-submitted', 'x-auto-response-suppress', 'x-baton-notice'],
  ]);

  test.each(BAD.map((text, at) => [`${at + 1}: ${JSON.stringify(text).slice(0, 20)}`, text]))(
    'by a proved customer’s name, subject and Reply-To, number %s',
    async (_, text) => {
      const { world } = await askPriya();
      const proved = PROVED.replace('from=elm.example', 'from=example.com');
      await comesIn(world, [
        ...[proved, TAKEN, `From: ${encoded(text)} <jo@example.com>`, 'To: maintenance@elm.example'],
        ...[
          `Subject: ${encoded(text)}`,
          `Reply-To: ${encoded(text)} <jo@example.com>`,
          'Message-ID: <jo@example.com>',
        ],
        ...['', text],
      ]);
      const acknowledgement = await latestTo(world, 'jo@example.com', 'acknowledgement');
      // A name of 5,000 letters makes the sender one who can be read in two ways.
      expect(field(acknowledgement, 'subject')).toMatch(
        text.length < 1_000 ? /^Re: / : /^We have your message$/,
      );
      for (const mail of await world.sent()) {
        const names = fieldNames(mail);
        expect(names.filter((name) => !ALLOWED.has(name))).toEqual([]);
        expect(new Set(names).size).toBe(names.length);
        expect(mail.mail.to.map(({ address }) => address)).toEqual([mail.outgoing.envelopeTo]);
        const lines = Buffer.from(mail.outgoing.raw).toString('latin1').split('\r\n');
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(998);
      }
      expect((await world.sent()).map(({ outgoing }) => outgoing.envelopeTo)).not.toContain(
        'eve@evil.example',
      );
      expect(await brokenPromises(world)).toEqual([]);
    },
  );
});

test('hazards 48: none of an unproved sender’s words are in what confirms their mail', async () => {
  const { world } = await askPriya();
  await comesIn(world, [
    ...[TAKEN, 'From: "Win at pills.example" <jo@example.com>', 'To: maintenance@elm.example'],
    ...['Subject: Win at pills.example', 'Message-ID: <jo@example.com>', '', 'Win at pills.example'],
  ]);
  const { outgoing } = await latestTo(world, 'jo@example.com', 'acknowledgement');
  expect(Buffer.from(outgoing.raw).toString()).not.toMatch(/pills|win at/i);
});

describe('hazards 52: somebody guesses what a mail answers', () => {
  test.each([
    ['the customer’s Message-ID', ['In-Reply-To: <leak@example.com>', 'Subject: x']],
    ['our own Message-ID to the customer', ['In-Reply-To: <ours>', 'Subject: x']],
    ['the number of the request', ['Subject: Re: #1 Leak']],
    ['a copy to the customer', ['In-Reply-To: <leak@example.com>', 'Cc: maria@example.com', 'Subject: x']],
  ])('by %s: never becomes part of the request', async (_, guess) => {
    const { world, offer } = await askPriya();
    const ours = (await latestTo(world, 'maria@example.com')).mail.messageId ?? '';
    const before = world.store.conversations()[0]?.id ?? 0;
    const result = await since(world, () =>
      comesIn(world, [
        ...[
          TAKEN,
          'From: Eve <eve@evil.example>',
          'To: maintenance@elm.example',
          'Message-ID: <guess@evil.example>',
        ],
        ...guess.map((line) => line.replace('ours', ours).replace('#1 ', `#${before} `)),
        ...['', 'Please send me everything.'],
      ]),
    );
    expect(result.events.filter((type) => type !== 'attached')).toEqual([]);
    expect(result.moved).toBe(false);
    await comesIn(world, answer(offer, [PROVED, TAKEN, PRIYA], 'reply: We come at two.'));
    const answers = (await world.sent()).filter(({ kind }) => kind === 'customer-reply');
    expect(
      answers.map(({ outgoing, mail }) => [outgoing.envelopeTo, mail.to.length, mail.cc.length]),
    ).toEqual([['maria@example.com', 1, 0]]);
    const toEve = (await world.sent()).filter(({ outgoing }) => outgoing.envelopeTo === 'eve@evil.example');
    // At most the fixed word that a mail of her own has come in.
    for (const { mail, kind } of toEve) {
      expect([kind, mail.subject]).toEqual(['acknowledgement', 'We have your message']);
      expect(mail.text).not.toMatch(/Maria|Leak|Priya/);
    }
  });
});

/** Our own check, in a world where every domain has the key that `signMail` signs with. */
const CHECK = mailauthCheck({
  async resolve(name) {
    if (name.startsWith(`${SELECTOR}._domainkey.`)) return [[KEY_RECORD]];
    throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
  },
});
const OWN_CHECK = { authentication: { mode: 'own-check', trustedHosts: [] }, senderCheck: CHECK } as const;

async function sign(lines: readonly string[], domain: string): Promise<string[]> {
  return (await signMail(`${lines.join('\r\n')}\r\n`, { domain })).trimEnd().split('\r\n');
}
