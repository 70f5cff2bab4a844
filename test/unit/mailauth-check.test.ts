/** Our own check against mails signed here, with DNS answered from a table: nothing leaves this process. */
import { describe, expect, test } from 'vitest';
import type { Resolve } from '../../src/adapters/auth/dns-cache.ts';
import { cached } from '../../src/adapters/auth/dns-cache.ts';
import { mailauthCheck } from '../../src/adapters/auth/mailauth-check.ts';
import type { SenderQuestion } from '../../src/domain/sender-authentication/authentication.ts';
import { KEY_RECORD, type Signing, signMail } from '../support/sign.ts';

type Zone = Readonly<Record<string, string[][]>>;
const SIGNED: Zone = { 'TXT s1._domainkey.elm.example': [[KEY_RECORD]] };
const REJECT: Zone = { 'TXT _dmarc.elm.example': [['v=DMARC1; p=reject']] };
const EVIL: Zone = { 'TXT s1._domainkey.evil.example': [[KEY_RECORD]] };

function dns(zone: Zone): Resolve {
  return async (name, type) => {
    const found = zone[`${type} ${name}`];
    if (found !== undefined) return found;
    throw Object.assign(new Error(`query ${name}`), { code: 'ENOTFOUND' });
  };
}

const MAIL = [
  'From: Priya <priya@elm.example>',
  'To: office@elm.example',
  'Subject: Re: Leak',
  'Message-ID: <1@elm.example>',
  'Content-Type: text/plain',
  '',
  'accept',
  '',
].join('\r\n');

const signed = ({ mail = MAIL, ...signing }: Signing & { mail?: string } = {}): Promise<string> =>
  signMail(mail, signing);

const QUESTION: SenderQuestion = { from: 'priya@elm.example', client: null, mailFrom: null };

async function check(mail: string, zone: Zone, question: Partial<SenderQuestion> = {}): Promise<string> {
  const { result, why } = await mailauthCheck({ resolve: dns(zone) }).check(Buffer.from(mail), {
    ...QUESTION,
    ...question,
  });
  return `${result}: ${why.code}`;
}

describe('our own check', () => {
  test('passes a mail that the domain of its author signed, policy or not', async () => {
    expect(await check(await signed(), SIGNED)).toBe('pass: dkim-pass');
    expect(await check(await signed(), { ...SIGNED, ...REJECT })).toBe('pass: dkim-pass');
  });

  test('passes a mail from a subdomain that the domain above it signed', async () => {
    const mail = MAIL.replace('priya@elm.example', 'priya@team.elm.example');
    expect(await check(await signed({ mail }), SIGNED, { from: 'priya@team.elm.example' })).toBe(
      'pass: dkim-pass',
    );
  });

  test('does not pass a mail that is unsigned, changed, or signed by somebody else', async () => {
    expect(await check(MAIL, SIGNED)).toBe('none: not-signed');
    expect(await check((await signed()).replace('accept', 'decline'), SIGNED)).toBe('none: not-signed');
    expect(await check(await signed({ domain: 'evil.example' }), EVIL)).toBe('none: not-signed');
    expect(await check((await signed()).replace('Re: Leak', 'Re: Other'), SIGNED)).toBe('none: not-signed');
  });

  test('fails a mail that the domain asks to have refused', async () => {
    expect(await check(MAIL, { ...SIGNED, ...REJECT })).toBe('fail: dmarc-fail');
    expect(await check(await signed({ domain: 'evil.example' }), { ...EVIL, ...REJECT })).toBe(
      'fail: dmarc-fail',
    );
  });

  test('does not pass a signature that covers a part of the body only', async () => {
    const part = await signed({ bodyMax: 8 });
    expect(await check(`${part}decline\r\n`, SIGNED)).toBe('none: signed-in-part');
    expect(await check(part, { ...SIGNED, ...REJECT })).toBe('none: signed-in-part');
  });

  test('does not pass a signature that leaves out the Message-ID, so that no old mail acts again under a new one', async () => {
    const loose = await signed({ headers: 'From:To:Subject' });
    expect(await check(loose.replace('<1@elm.example>', '<2@elm.example>'), SIGNED)).toBe(
      'none: signed-in-part',
    );
    expect(await check(loose, SIGNED)).toBe('none: signed-in-part');
  });

  test('passes by SPF only where a server of ours saw the client', async () => {
    const zone: Zone = {
      'TXT elm.example': [['v=spf1 ip4:203.0.113.9 -all']],
      'TXT _dmarc.elm.example': [['v=DMARC1; p=none']],
    };
    const known = (ip: string) => ({
      client: { ip, helo: 'mail.elm.example' },
      mailFrom: 'priya@elm.example',
    });
    expect(await check(MAIL, zone, known('203.0.113.9'))).toBe('pass: spf-pass');
    expect(await check(MAIL, zone, known('198.51.100.7'))).toBe('fail: dmarc-fail');
    expect(await check(MAIL, zone)).toBe('none: not-signed');
    expect(await check(MAIL, zone, { ...known('203.0.113.9'), mailFrom: 'eve@evil.example' })).toBe(
      'fail: dmarc-fail',
    );
  });

  test('does not know while the name servers do not answer', async () => {
    const failing: Resolve = async () => {
      throw Object.assign(new Error('query'), { code: 'ESERVFAIL' });
    };
    const mail = Buffer.from(await signed());
    expect(await mailauthCheck({ resolve: failing }).check(mail, QUESTION)).toMatchObject({
      result: 'unknown',
    });
    const silent: Resolve = () => new Promise(() => {});
    const slow = mailauthCheck({ resolve: silent, timeoutMs: 20 });
    expect(await slow.check(mail, QUESTION)).toMatchObject({
      result: 'unknown',
      why: { code: 'check-too-slow' },
    });
  });

  test('does not pass what names another author than it was asked about', async () => {
    expect(await check(await signed(), SIGNED, { from: 'priya@other.example' })).toBe('none: no-author');
    expect(await check(`From: eve@evil.example\r\n${await signed()}`, SIGNED)).not.toMatch(/^pass/);
  });

  test('is not made to work by a mail with very many signatures or a huge header', async () => {
    const one = (await signed()).split('\r\nFrom:')[0] ?? '';
    expect(await check(`${`${one}\r\n`.repeat(11)}${MAIL}`, SIGNED)).toBe('none: too-much');
    expect(await check(`X: ${'a'.repeat(70_000)}\r\n${await signed()}`, SIGNED)).toBe('none: too-much');
  });

  test('is done with the most that a header may hold in a moment', async () => {
    const names = 'b:'.repeat(15_000);
    const signature = `DKIM-Signature: v=1; a=rsa-sha256; d=elm.example; s=s1; h=from:${names}b; bh=x; b=x\r\n`;
    const begun = process.cpuUsage();
    await check(`${signature}${'a:\r\n'.repeat(7_000)}${MAIL}`, SIGNED);
    // Processor time: how busy the machine is does not count.
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1_000).toBeLessThan(3_000);
  });
});

describe('what DNS said', () => {
  test('is remembered for five minutes, that there is nothing as well, and a failure not at all', async () => {
    const asked: string[] = [];
    let now = 0;
    const resolve = cached(
      async (name, type) => {
        asked.push(name);
        if (name === 'away') throw Object.assign(new Error(name), { code: 'ETIMEOUT' });
        return dns({ 'TXT here': [['yes']] })(name, type);
      },
      () => now,
    );
    const ask = (name: string) => resolve(name, 'TXT').catch(() => 'nothing');
    for (const name of ['here', 'HERE', 'absent', 'absent', 'away', 'away']) await ask(name);
    expect(asked).toEqual(['here', 'absent', 'away', 'away']);
    now = 5 * 60_000;
    await ask('here');
    expect(asked).toHaveLength(5);
  });
});
