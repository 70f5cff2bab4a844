/**
 * One connection to an SMTP server, for one mail after the other.
 *
 * nodemailer does the talking (SMTPConnection); its own pool and transport, which would read a finished mail anew and
 * carry it through six streams, cost three times as much as the talk itself.
 */
import { Readable } from 'node:stream';
import SMTPConnection, {
  type SMTPConnectionAuth,
  type SMTPConnectionOptions,
} from 'nodemailer/lib/smtp-connection';
import type { OutgoingMail } from '../../app/ports/mail-sender.ts';
import type { SendError } from './outcome.ts';

/** What the server said to one mail, and to whom that applies. */
export type Answer = {
  readonly accepted: readonly unknown[];
  readonly rejected: readonly unknown[];
  readonly response: string;
};

export type Session = {
  /** Connects and logs in, the first time it is called. */
  ready(): Promise<void>;
  /** `onBegin` is called when the content is about to be handed out, and at most once. Throws SendError. */
  send(mail: OutgoingMail, onBegin: () => void): Promise<Answer>;
  /** Mails that were offered to the server so far. */
  readonly mails: number;
  readonly isOpen: boolean;
  /** Says goodbye. */
  quit(): void;
  /** Ends it at once; whoever waits for an answer is told. */
  close(): void;
};

export type SessionOptions = {
  readonly connection: SMTPConnectionOptions;
  /** Made anew for each session. */
  readonly auth: (() => SMTPConnectionAuth) | null;
  readonly onEnd: (session: Session) => void;
};

/** Of a refused mail; the session can take the next one. */
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);

export function openSession({ connection: options, auth, onEnd }: SessionOptions): Session {
  const connection = new SMTPConnection(options);
  let trouble: unknown = null;
  let isOpen = true;
  let mails = 0;
  let connected: Promise<void> | null = null;
  let giveUp: (error: unknown) => void = () => {};

  connection.on('error', (error: unknown) => {
    trouble = error;
  });
  connection.once('end', () => {
    isOpen = false;
    onEnd(session);
    // What the server said to the command in hand is told first, and says more.
    queueMicrotask(() => giveUp(trouble ?? closed()));
  });

  /** One question to the server, which the end of the connection answers as well. */
  const ask = <T>(question: (done: (error?: unknown, answer?: T) => void) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      if (!isOpen) return reject(trouble ?? closed());
      question((error, answer) => (error ? reject(error) : resolve(answer as T)));
    });

  async function connect(): Promise<void> {
    try {
      await ask((done) => connection.connect(done));
      if (auth !== null) await ask((done) => connection.login(auth(), done));
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  async function send(mail: OutgoingMail, onBegin: () => void): Promise<Answer> {
    mails += 1;
    const envelope = { from: mail.envelopeFrom, to: [mail.envelopeTo], size: mail.raw.byteLength };
    try {
      return await ask<Answer>((done) => connection.send(envelope, contentOf(mail.raw, onBegin), done));
    } catch (error) {
      await recover(error as SendError);
      throw error;
    }
  }

  async function recover({ code, responseCode }: SendError): Promise<void> {
    if (isOpen && ABOUT_THE_MAIL.has(String(code)) && responseCode !== 421)
      await ask((done) => connection.reset(done)).catch(() => connection.close());
    else connection.close();
  }

  const session: Session = {
    ready: () => (connected ??= connect()),
    send,
    get mails() {
      return mails;
    },
    get isOpen() {
      return isOpen;
    },
    quit: () => connection.quit(),
    close: () => connection.close(),
  };
  return session;
}

const closed = (): Error =>
  Object.assign(new Error('the connection was closed before an answer came'), { code: 'ECONNECTION' });

/**
 * nodemailer pipes the content only after the server answered DATA with 354, so "not begun" proves "not sent". A second
 * reading is refused.
 */
function contentOf(raw: Uint8Array, onBegin: () => void): Readable {
  let begun = false;
  return new Readable({
    highWaterMark: raw.byteLength + 1,
    read() {
      if (begun) return;
      begun = true;
      onBegin();
      this.push(raw);
      this.push(null);
    },
  });
}
