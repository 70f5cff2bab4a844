import { SMTPServer } from 'smtp-server';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import type { OutgoingMail } from '../../src/app/ports/mail-sender.ts';
import { listenOnLoopback } from '../../src/runtime/mail-server/imap-side.ts';
import { memorySender } from '../support/memory-sender.ts';
import { describeMailSender, type SenderWorld } from './mail-sender.contract.ts';

describeMailSender('in memory', async (): Promise<SenderWorld> => {
  const memory = memorySender();
  return {
    sender: memory.sender,
    delivered: () => memory.delivered,
    next(trouble) {
      if (trouble === 'refused-for-now') memory.failNext('smtp-451');
      if (trouble === 'refused-for-good') memory.failNext('smtp-550', { type: 'permanent' });
      if (trouble === 'login-refused') memory.failNext('smtp-login-refused');
      if (trouble === 'lost-reply') memory.failNext('smtp-unreachable', { type: 'unknown', delivered: true });
    },
    close: async () => {},
  };
});

describeMailSender('nodemailer and smtp-server', async (): Promise<SenderWorld> => {
  const delivered: OutgoingMail[] = [];
  const troubles: Parameters<SenderWorld['next']>[0][] = [];
  const takeTrouble = (...kinds: typeof troubles) => {
    const [trouble] = troubles;
    return trouble !== undefined && kinds.includes(trouble) ? troubles.shift() : undefined;
  };
  const refusal = (responseCode: number) =>
    Object.assign(new Error('as the test wants it'), { responseCode });
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username }, _session, done) =>
      takeTrouble('login-refused') ? done(refusal(535)) : done(null, { user: username ?? '' }),
    onRcptTo: (_address, _session, done) => {
      const trouble = takeTrouble('refused-for-now', 'refused-for-good');
      done(trouble === undefined ? null : refusal(trouble === 'refused-for-now' ? 451 : 550));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = session.envelope.mailFrom;
        for (const { address } of session.envelope.rcptTo) {
          const raw = Buffer.concat(chunks);
          delivered.push({ envelopeFrom: from === false ? '' : from.address, envelopeTo: address, raw });
        }
        if (takeTrouble('lost-reply')) for (const connection of server.connections) connection.close();
        else done();
      });
    },
  });
  server.on('error', () => {});
  const port = await listenOnLoopback(server.server);
  return {
    sender: smtpMailSender({ host: '127.0.0.1', port, tls: 'none', user: 'office', password: 'secret' }),
    delivered: () => delivered,
    next: (trouble) => troubles.push(trouble),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
});
