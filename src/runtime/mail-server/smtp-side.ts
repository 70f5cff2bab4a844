/** The SMTP half: takes mail on a loopback port, keeps what is for its own accounts, hands on the rest. */
import { SMTPServer, type SMTPServerAddress, type SMTPServerSession } from 'smtp-server';
import { listenOnLoopback } from './imap-side.ts';

export type Envelope = { readonly from: string; readonly to: readonly string[] };

export type SmtpSideOptions = {
  /** Name of the account an address belongs to, null for an address of the world outside. */
  accountOf(address: string): string | null;
  isPassword(user: string, password: string): boolean;
  keep(account: string, address: string, from: string, raw: Uint8Array): void;
  handOn(envelope: Envelope, raw: Uint8Array): void | Promise<void>;
};

const MAIL_MAX = 64 * 1024 * 1024;

export async function startSmtpSide(
  options: SmtpSideOptions,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: MAIL_MAX,
    onAuth: ({ username, password }, _session, done) => {
      if (options.isPassword(username ?? '', password ?? '')) done(null, { user: username });
      else done(Object.assign(new Error('5.7.8 user name or password is wrong'), { responseCode: 535 }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('error', done);
      stream.once('end', () => {
        if (stream.sizeExceeded) {
          done(Object.assign(new Error('5.3.4 the mail is too large'), { responseCode: 552 }));
          return;
        }
        take(options, session, Buffer.concat(chunks)).then(() => done(null, '2.0.0 kept'), done);
      });
    },
  });
  server.on('error', () => {});
  const port = await listenOnLoopback(server.server);
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function take(options: SmtpSideOptions, session: SMTPServerSession, raw: Uint8Array): Promise<void> {
  const sender = session.envelope.mailFrom as SMTPServerAddress | false;
  const from = sender === false ? '' : sender.address;
  const outside: string[] = [];
  for (const { address } of session.envelope.rcptTo) {
    const account = options.accountOf(address);
    if (account === null) outside.push(address);
    else options.keep(account, address, from, raw);
  }
  if (outside.length > 0) await options.handOn({ from, to: outside }, raw);
}
