import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copiedPeople, customerOf, originalSenderOf, writerOf } from '../../src/domain/customer.ts';
import type { Address, Header, Mail } from '../../src/domain/message.ts';
import { testPolicy } from '../support/policy.ts';
import { mail } from '../support/roster.ts';

const policy = testPolicy();
const MARIA: Address = { name: 'Maria Lopez', address: 'maria@example.com' };
const GROUP: Address = { name: "'Maria Lopez' via Maintenance", address: 'maintenance@elm.example' };
const OURS: Header = { name: 'list-id', value: 'Maintenance <maintenance.elm.example>' };
const original = (name: string, value: string): Header => ({ name, value });

const fromGroup = (headers: readonly Header[], changes: Partial<Mail> = {}): Mail =>
  mail({ from: [GROUP], headers: [OURS, ...headers], ...changes });

describe('who wrote a mail', () => {
  it.each<[string, Mail]>([
    ['X-Original-From', fromGroup([original('x-original-from', 'Maria Lopez <maria@example.com>')])],
    ['X-Original-Sender', fromGroup([original('x-original-sender', 'maria@example.com')])],
    ['a single Reply-To', fromGroup([], { replyTo: [MARIA] })],
  ])('is whom a group of ours names in %s', (_, about) => {
    expect(writerOf(about, GROUP, policy)).toEqual(MARIA);
  });

  it.each<[string, Mail, Address]>([
    ['no group of ours', mail({ from: [GROUP], replyTo: [MARIA] }), GROUP],
    ['somebody else', fromGroup([original('x-original-sender', 'jo@example.com')]), MARIA],
    ['a group that names itself', fromGroup([original('x-original-sender', GROUP.address)]), GROUP],
    [
      'a group that names a tag of ours',
      fromGroup([], { replyTo: [{ name: '', address: 'maintenance+x@elm.example' }] }),
      GROUP,
    ],
    [
      'a group that names several',
      fromGroup([], { replyTo: [MARIA, { name: '', address: 'jo@example.com' }] }),
      GROUP,
    ],
    [
      'a group that names no address',
      fromGroup([original('x-original-from', '<<maria@example.com> <x>')]),
      GROUP,
    ],
  ])('is its sender when that is %s', (_, about, sender) => {
    expect(writerOf(about, sender, policy)).toEqual(sender);
  });

  it('is nobody when its sender is nobody, whatever it names', () => {
    expect(writerOf(fromGroup([], { replyTo: [MARIA] }), null, policy)).toBeNull();
  });

  it('is never an inbox of ours in the name of a group, and is found in time, for any header', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), fc.string(), (value, name) => {
        const sender = { ...GROUP, name };
        const about = fromGroup([original('x-original-from', value)]);
        const writer = writerOf(about, sender, policy);
        expect(writer === sender || writer?.address.includes('elm.example') === false).toBe(true);
      }),
    );
  });
});

describe('the customer of a mail', () => {
  const form: Address = { name: 'Form', address: 'noreply@forms.example' };

  it('is whoever filled a web form in, when a rule says that it is one', () => {
    const about = mail({ from: [form], replyTo: [MARIA] });
    expect(customerOf(about, form, true, policy)).toEqual({ address: MARIA, known: 'form' });
    expect(customerOf(about, form, false, policy)).toEqual({ address: form, known: 'sender' });
  });

  it.each<[string, readonly Address[]]>([
    ['nobody', []],
    ['an inbox of ours', [{ name: '', address: 'Maintenance@elm.example' }]],
    ['several', [MARIA, form]],
    ['what is no address', [{ name: '', address: 'maria@localhost' }]],
  ])('is the form itself when it names %s', (_, replyTo) => {
    expect(customerOf(mail({ from: [form], replyTo }), form, true, policy).address).toEqual(form);
  });

  it('is the first of several senders to look at, and nobody where none is named', () => {
    expect(customerOf(mail({ from: [MARIA, form] }), null, false, policy).address).toEqual(MARIA);
    expect(customerOf(mail({ from: [] }), null, false, policy).address).toEqual({ name: '', address: '' });
  });
});

describe('who wrote first what a member passed on', () => {
  const forwarded = (from: Address | null) => ({ from, subject: '', text: '', above: '' });

  it('is whom the forwarded mail names, or whom the member writes for', () => {
    expect(originalSenderOf({ forwarded: forwarded(MARIA), replyTo: [] }, policy)).toEqual(MARIA);
    expect(originalSenderOf({ forwarded: null, replyTo: [MARIA] }, policy)).toEqual(MARIA);
  });

  it.each<[string, Address | null]>([
    ['nobody', null],
    ['a member', { name: 'Sam', address: 'SAM@elm.example' }],
    ['an inbox', { name: '', address: 'billing@elm.example' }],
    ['what cannot be mailed', { name: '', address: 'maria@example' }],
  ])('is not %s', (_, from) => {
    expect(originalSenderOf({ forwarded: forwarded(from), replyTo: [] }, policy)).toBeNull();
  });
});

it('People in copy are those whom nobody here knows', () => {
  const ann = { name: 'Ann', address: 'ann@example.com' };
  const joe = { name: 'Joe', address: 'joe@example.com' };
  const copied = [
    MARIA,
    ann,
    joe,
    { name: '', address: 'maintenance@elm.example' },
    { name: '', address: 'sam@elm.example' },
    { name: '', address: 'undisclosed-recipients:;' },
  ];
  expect(copiedPeople({ copied }, { customer: MARIA, contacts: new Map([['c', joe]]) }, policy)).toEqual([
    ann,
  ]);
});
