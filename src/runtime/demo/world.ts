/**
 * The world outside of Baton: everybody's mail as it was delivered to them, and the words the story is written in.
 * A day is a list of scenes; each scene, when its time has come, says which mails are handed to the mail server.
 */
import type { Instant } from '../../domain/instant.ts';
import type { Mail } from '../../domain/message.ts';
import { addressOf, type Letter, letterBytes } from './letter.ts';

/** A mail that Baton sent and somebody received. */
export type Received = {
  readonly at: Instant;
  readonly to: string;
  /** Envelope sender, where bounces go. */
  readonly from: string;
  readonly raw: Uint8Array;
  readonly mail: Mail;
  /** The kind of notice; null for what an owner wrote to a customer. */
  readonly kind: string | null;
};

export type World = {
  readonly now: Instant;
  readonly received: readonly Received[];
};

/** Something that is handed to the mail server. */
export type Delivery =
  | { readonly by: 'smtp'; readonly from: string; readonly to: string; readonly raw: Uint8Array }
  /** Written into a folder by the mail program that sent it, or there since before Baton. */
  | {
      readonly by: 'append';
      readonly user: string;
      readonly folder: string;
      readonly raw: Uint8Array;
      readonly at?: Instant;
    };

export type Scene = {
  /** Local time of the day, `09:41`. */
  readonly at: string;
  readonly deliver: (world: World) => readonly Delivery[];
};

/** A letter that somebody writes, delivered where it is addressed to, or where `to` says, once for each address. */
export function writes(
  at: string,
  letter: Letter | ((world: World) => Letter),
  delivery: { readonly to?: readonly string[] } = {},
): Scene {
  return {
    at,
    deliver: (world) => {
      const written = typeof letter === 'function' ? letter(world) : letter;
      const raw = letterBytes(written, world.now);
      const from = addressOf(written.from);
      return (delivery.to ?? [addressOf(written.to)]).map((to) => ({ by: 'smtp', from, to, raw }));
    },
  };
}

/** One mail that reaches several addresses, one after the other. */
export function writesToEach(letter: Letter, arrivals: readonly { at: string; to: string }[]): Scene[] {
  let raw: Uint8Array | null = null;
  return arrivals.map(({ at, to }) => ({
    at,
    deliver: ({ now }) => {
      raw ??= letterBytes(letter, now);
      return [{ by: 'smtp', from: addressOf(letter.from), to, raw }];
    },
  }));
}

/** The latest mail that this person received about that. */
export function lastMailTo(world: World, address: string, about = ''): Received {
  const found = world.received.findLast(({ to, mail }) => to === address && mail.subject.includes(about));
  if (found === undefined)
    throw new Error(`the story needs a mail to ${address} about "${about}", and there is none`);
  return found;
}

/** Where an answer to that mail goes. */
export const answerAddress = ({ replyTo, from }: Mail): string => (replyTo[0] ?? from[0])?.address ?? '';

/** What mail apps put below an answer. */
export function quotationOf({ mail, at }: Received, formatTime: (at: Instant) => string): string {
  const from = mail.from[0];
  const quoted = mail.text
    .trimEnd()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd());
  return `On ${formatTime(at)}, ${from?.name} <${from?.address}> wrote:\n\n${quoted.join('\n')}`;
}
