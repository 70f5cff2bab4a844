/** What every MailSender keeps, whatever is behind it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MailSender, OutgoingMail } from '../../src/app/ports/mail-sender.ts';

export type SenderWorld = {
  readonly sender: MailSender;
  /** What reached the other side, in order. */
  delivered(): readonly OutgoingMail[];
  /** The next send meets this. `lost-reply` keeps the mail and loses the answer. */
  next(trouble: 'refused-for-now' | 'refused-for-good' | 'lost-reply' | 'login-refused'): void;
  close(): Promise<void>;
};

const mail = (over: Partial<OutgoingMail> = {}): OutgoingMail => ({
  envelopeFrom: 'office@acme.example',
  envelopeTo: 'priya@acme.example',
  raw: Buffer.from('Subject: hello\r\n\r\nFirst line\r\n.\r\n..two dots\r\nM\u00fcller\r\n'),
  ...over,
});

export function describeMailSender(name: string, make: () => Promise<SenderWorld>): void {
  describe(`MailSender: ${name}`, () => {
    let world: SenderWorld;
    beforeEach(async () => {
      world = await make();
    });
    afterEach(async () => {
      await world.sender.close();
      await world.close();
    });

    test('an accepted mail reached exactly its recipient, byte for byte', async () => {
      expect(await world.sender.send(mail())).toMatchObject({ type: 'accepted' });
      expect(world.delivered()).toHaveLength(1);
      const [delivered] = world.delivered();
      expect(delivered).toMatchObject({
        envelopeFrom: 'office@acme.example',
        envelopeTo: 'priya@acme.example',
      });
      expect(Buffer.from(delivered?.raw ?? [])).toEqual(Buffer.from(mail().raw));
    });

    test('the null sender is sent as such', async () => {
      expect(await world.sender.send(mail({ envelopeFrom: '' }))).toMatchObject({ type: 'accepted' });
      expect(world.delivered()[0]?.envelopeFrom).toBe('');
    });

    test('many mails at once are each delivered once', async () => {
      const names = Array.from({ length: 25 }, (_, at) => `member${at}@acme.example`);
      const outcomes = await Promise.all(names.map((envelopeTo) => world.sender.send(mail({ envelopeTo }))));
      expect(new Set(outcomes.map((outcome) => outcome.type))).toEqual(new Set(['accepted']));
      expect(
        world
          .delivered()
          .map((delivered) => delivered.envelopeTo)
          .sort(),
      ).toEqual([...names].sort());
    });

    test.each([
      'a@b.example>\r\nRCPT TO:<x@evil.example',
      'a@b.example\r\nBcc: x@evil.example',
      'a@b.example, x@evil.example',
      '"a b"@c.example',
      'Priya <p@acme.example>',
      'a@b@c.example',
      'no-at-sign',
      '@acme.example',
      'm\u00fcller@acme.example',
      'a@acme..example',
      'a@-acme.example',
      'a@[127.0.0.1]',
      ' a@acme.example',
      'a.@acme.example',
      '',
    ])('the recipient %j is refused for good without dialling', async (envelopeTo) => {
      expect(await world.sender.send(mail({ envelopeTo }))).toMatchObject({
        type: 'permanent',
        code: 'bad-address',
      });
      expect(world.delivered()).toEqual([]);
    });

    test('a sender address with a line end is refused for good without dialling', async () => {
      const envelopeFrom = 'a@b.example>\r\nRCPT TO:<x@evil.example';
      expect(await world.sender.send(mail({ envelopeFrom }))).toMatchObject({
        type: 'permanent',
        code: 'bad-address',
      });
      expect(world.delivered()).toEqual([]);
    });

    test('a refusal for now is temporary, and the next mail goes through', async () => {
      world.next('refused-for-now');
      expect(await world.sender.send(mail())).toMatchObject({ type: 'temporary' });
      expect(world.delivered()).toEqual([]);
      expect(await world.sender.send(mail())).toMatchObject({ type: 'accepted' });
      expect(world.delivered()).toHaveLength(1);
    });

    test('a refusal for good is permanent, and the next mail goes through', async () => {
      world.next('refused-for-good');
      expect(await world.sender.send(mail())).toMatchObject({ type: 'permanent' });
      expect(await world.sender.send(mail())).toMatchObject({ type: 'accepted' });
      expect(world.delivered()).toHaveLength(1);
    });

    test('a refused login is temporary, since it says nothing about the mail', async () => {
      world.next('login-refused');
      expect(await world.sender.send(mail())).toMatchObject({
        type: 'temporary',
        code: 'smtp-login-refused',
      });
      expect(world.delivered()).toEqual([]);
    });

    test('a lost answer to a kept mail is unknown, and nothing repeats the mail by itself', async () => {
      world.next('lost-reply');
      expect(await world.sender.send(mail())).toMatchObject({ type: 'unknown' });
      expect(await world.sender.send(mail({ envelopeTo: 'next@acme.example' }))).toMatchObject({
        type: 'accepted',
      });
      expect(world.delivered().map((delivered) => delivered.envelopeTo)).toEqual([
        'priya@acme.example',
        'next@acme.example',
      ]);
    });

    test('after closing, mail is refused for now', async () => {
      await world.sender.close();
      expect(await world.sender.send(mail())).toMatchObject({ type: 'temporary' });
      expect(world.delivered()).toEqual([]);
    });
  });
}
