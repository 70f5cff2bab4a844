/**
 * A request that Priya is asked to take, in an inbox that demands proof of senders, and mails as an attacker would
 * write them: every line of the header is the test's own.
 */
import { headerValues } from '../../src/domain/message.ts';
import type { Authentication } from '../../src/domain/sender-authentication/authentication.ts';
import { testPolicy } from './policy.ts';
import { openWorld, type SentMail, type World, type WorldOptions } from './world.ts';

export const MX: Authentication = {
  mode: 'mail-server',
  trustedHosts: ['mx.elm.example'],
  results: { type: 'id', id: 'mx.elm.example', belowReceived: false },
  insideTenant: false,
  ownLogin: false,
};
/** What our server writes on top of a mail that it could verify, and of one that it took from somebody. */
export const PROVED = 'Authentication-Results: mx.elm.example; dmarc=pass header.from=elm.example';
export const TAKEN =
  'Received: from mail.example ([203.0.113.9]) by mx.elm.example with ESMTPS; Tue, 3 Mar 2026 08:41:00 +0000';
export const PRIYA = 'From: Priya <priya@elm.example>';

export type Scene = { readonly world: World; readonly offer: SentMail };

export async function askPriya(
  options: WorldOptions & { authentication?: Authentication } = {},
): Promise<Scene> {
  const { authentication = MX, ...rest } = options;
  const policy = testPolicy({ inboxes: { maintenance: { authentication } } });
  const world = await openWorld({ policy, ...rest });
  const letter = [
    TAKEN,
    'From: Maria Lopez <maria@example.com>',
    'To: maintenance@elm.example',
    'Subject: Leak under kitchen sink',
    'Message-ID: <leak@example.com>',
    '',
    'Water is dripping.',
  ];
  await comesIn(world, letter);
  return { world, offer: await latestTo(world, 'priya@elm.example') };
}

export async function comesIn(world: World, lines: readonly string[]): Promise<void> {
  world.deliver('maintenance', Buffer.from(`${lines.join('\r\n')}\r\n`, 'utf8'));
  await world.settle();
}

export async function latestTo(world: World, address: string, kind?: string): Promise<SentMail> {
  const found = (await world.sent()).findLast(
    (mail) => mail.outgoing.envelopeTo === address && (kind === undefined || mail.kind === kind),
  );
  if (found === undefined) throw new Error(`${address} got no such mail`);
  return found;
}

let written = 0;

/** An answer to a mail of ours: the lines given first, then where it goes and what it says. */
export function answer(
  to: SentMail,
  head: readonly string[],
  text = 'accept',
  changes: { readonly to?: string; readonly messageId?: string; readonly headers?: readonly string[] } = {},
): string[] {
  written += 1;
  return [
    ...head,
    `To: ${changes.to ?? to.mail.replyTo[0]?.address ?? ''}`,
    `Subject: Re: ${to.mail.subject}`,
    `Message-ID: <${changes.messageId ?? `answer-${written}@elm.example`}>`,
    `In-Reply-To: <${to.mail.messageId}>`,
    ...(changes.headers ?? []),
    '',
    text,
  ];
}

/** What moves nothing: that something was kept, and words that wait for nothing but their author's say. */
const Untold = { version: 0, lastEventAt: 0, unsent: null, climb: null };

/**
 * What has changed since: events of the request (but that its owner has their time anew, which follows from any), its
 * state, and mails with who got them.
 */
export async function since(world: World, happen: () => Promise<void>) {
  const [before] = world.store.conversations();
  if (before === undefined) throw new Error('there is no request');
  const sentBefore = (await world.sent()).length;
  await happen();
  const after = world.store.conversations().find(({ id }) => id === before.id);
  const events = world.store
    .events(before.id)
    .filter(({ seq }) => seq > before.version)
    .map(({ type }) => type)
    .filter((type) => type !== 'progress-expected');
  const mails = (await world.sent()).slice(sentBefore);
  return {
    events,
    moved: JSON.stringify({ ...before, ...Untold }) !== JSON.stringify({ ...after, ...Untold }),
    mails,
    told: mails.map(({ outgoing, kind }) => `${kind} to ${outgoing.envelopeTo}`),
  };
}

/** The names of a mail's header fields, sorted. */
export const fieldNames = ({ mail }: SentMail): string[] => mail.headers.map(({ name }) => name).sort();

export const field = ({ mail }: SentMail, name: string): string => headerValues(mail, name).join('\n');
