import { describe, expect, it } from 'vitest';
import { ProviderIds, Providers, providerByMx } from '../../src/domain/providers.ts';

describe('providers', () => {
  it.each([
    ['smtp.google.com', 'gmail'],
    ['ASPMX.L.GOOGLE.COM.', 'gmail'],
    ['alt3.aspmx.l.google.com', 'gmail'],
    ['aspmx2.googlemail.com', 'gmail'],
    ['example-com.mail.protection.outlook.com', 'microsoft365'],
    ['example-com.a-v1.mx.microsoft', 'microsoft365'],
    ['in1-smtp.messagingengine.com', 'fastmail'],
  ])('the mail exchanger %s tells that the provider is %s', (host, provider) => {
    expect(providerByMx([host])?.id).toBe(provider);
  });

  it.each([[[]], [['mx.example.com']], [['notgoogle.com']], [['google.com.example.org']]])(
    'the mail exchangers %j tell of no provider',
    (hosts) => expect(providerByMx(hosts)).toBeNull(),
  );

  it('every provider stands under its own id', () => {
    expect(ProviderIds.map((id) => Providers[id].id)).toEqual(ProviderIds);
  });
});
