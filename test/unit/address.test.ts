import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domainOf, parseStrictAddress, sameAddress, splitPlus, withTag } from '../../src/domain/address.ts';

describe('strict addresses', () => {
  it.each([
    ['priya@elm.example', 'priya@elm.example'],
    ['Priya.Raman+x@Elm.Example', 'Priya.Raman+x@elm.example'],
    ["o'neil&sons@elm.example", "o'neil&sons@elm.example"],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
    [`${'l'.repeat(64)}@elm.example`, `${'l'.repeat(64)}@elm.example`],
  ])('passes the plain address %s', (text, address) => {
    expect(parseStrictAddress(text)).toBe(address);
  });

  it.each([
    'victim@corp.example\r\nBcc: x@evil.example',
    'ok@corp.example>\r\nRCPT TO:<evil@x',
    'ok@corp.example\n',
    ' ok@corp.example',
    'a b@corp.example',
    '"a b"@corp.example',
    '<a@corp.example>',
    'a@corp.example,b@corp.example',
    'a@b@corp.example',
    'a..b@corp.example',
    '.a@corp.example',
    'a.@corp.example',
    '@corp.example',
    'a@',
    '',
    'root@localhost',
    'a@127.0.0.1',
    'a@[127.0.0.1]',
    'a@-corp.example',
    'a@corp-.example',
    'a@corp..example',
    'a@corp.example.',
    'a@bücher.example',
    'ä@corp.example',
    'a@corp_x.example',
    'a(b)@corp.example',
    'a@corp.example\u0000',
    'a@corp.example\u2028',
    `${'l'.repeat(65)}@elm.example`,
    `a@${'l'.repeat(64)}.example`,
    `a@${'abcdefgh.'.repeat(28)}example`,
  ])('refuses what an SMTP dialogue or a library could read differently: %j', (text) => {
    expect(parseStrictAddress(text)).toBeNull();
  });

  it('never passes a character outside of the plain set, whatever surrounds it', () => {
    const bad = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1 })
      .filter((c) => !/[\w!#$%&'*+/=?^`{|}~.@-]/.test(c));
    fc.assert(
      fc.property(bad, fc.nat(15), (character, at) => {
        const address = 'priya@elm.example';
        expect(parseStrictAddress(address.slice(0, at) + character + address.slice(at))).toBeNull();
      }),
    );
  });

  it('answers a hostile text of a megabyte at once', () => {
    expect(parseStrictAddress(`${'a.'.repeat(500_000)}@`)).toBeNull();
    expect(parseStrictAddress(`${'a.'.repeat(31)}@${'a-'.repeat(90)}`)).toBeNull();
  });
});

describe('comparing addresses', () => {
  it('forgives case on both sides of the at sign', () => {
    expect(sameAddress('Priya@Elm.Example', 'priya@elm.EXAMPLE')).toBe(true);
    expect(sameAddress('priya@elm.example', 'priya@oak.example')).toBe(false);
  });

  it('does not take the Kelvin sign for a k', () => {
    expect(sameAddress('desk@wor\u212a.example', 'desk@work.example')).toBe(false);
    expect(domainOf('desk@wor\u212a.example')).not.toBe('work.example');
  });

  it('finds the domain behind the last at sign and none where there is none', () => {
    expect(domainOf('"a@b"@Elm.Example')).toBe('elm.example');
    expect(domainOf('nobody')).toBe('');
  });
});

describe('plus tags', () => {
  const local = fc.stringMatching(/^[a-z0-9]{1,10}(\+[a-z0-9]{1,5})?$/);

  it('takes off exactly the tag that was put on, also from an address that has one already', () => {
    fc.assert(
      fc.property(local, fc.stringMatching(/^[a-z2-7]{1,26}$/), (name, tag) => {
        const address = `${name}@elm.example`;
        expect(splitPlus(withTag(address, tag))).toEqual({ base: address, tag });
      }),
    );
  });

  it.each(['office@elm.example', '+x@elm.example', 'office+@elm.example', 'no at sign'])(
    'sees no tag in %s',
    (address) => {
      expect(splitPlus(address)).toEqual({ base: address, tag: null });
    },
  );

  it('refuses to make a local part of more than 64 octets or an unclean tag', () => {
    expect(withTag(`${'o'.repeat(37)}@elm.example`, 't'.repeat(26))).toHaveLength(64 + 12);
    expect(() => withTag(`${'o'.repeat(38)}@elm.example`, 't'.repeat(26))).toThrow(RangeError);
    for (const tag of ['', 'a+b', 'a b', 'a@b', 'a\r\n', '.']) {
      expect(() => withTag('office@elm.example', tag)).toThrow(RangeError);
    }
  });
});
