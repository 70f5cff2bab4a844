/**
 * Looks at the certificate of a mail server, without logging in. Of STARTTLS only as much is spoken as leads to it (RFC
 * 3501 section 6.2.1, RFC 3207), in lines of bounded length.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { CertificateProbe, Server } from '../../app/ports/doctor.ts';
import type { Certificate } from '../../domain/doctor/certificate.ts';
import { fromMs } from '../../domain/instant.ts';

const TIMEOUT_MS = 8_000;
const HEARD_MAX = 16_384;

export function certificateProbe(): CertificateProbe {
  return {
    async certificateOf(server, protocol) {
      if (server.tls === 'none') return { type: 'none' };
      const socket = connectTcp({ host: server.host, port: server.port });
      const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), TIMEOUT_MS);
      try {
        await happened(socket, 'connect');
        if (server.tls === 'starttls')
          await (protocol === 'imap' ? imapStartTls(socket) : smtpStartTls(socket));
        return await shaken(socket, server);
      } catch (error) {
        return { type: 'unreachable', why: wordsOf(error) };
      } finally {
        clearTimeout(timer);
        socket.destroy();
      }
    },
  };
}

function happened(socket: Socket, event: 'connect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
  });
}

/** The handshake, and what of the certificate OpenSSL finds wrong. */
function shaken(socket: Socket, { host }: Server): Promise<Certificate> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({
      socket,
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
      host,
    });
    secure.once('error', reject);
    secure.once('secureConnect', () => {
      const wrong = secure.authorizationError as Error | string | null | undefined;
      const until = Date.parse(secure.getPeerCertificate().valid_to);
      secure.destroy();
      if (wrong) resolve({ type: 'refused', code: codeOf(wrong) });
      else resolve({ type: 'valid', until: fromMs(until) });
    });
  });
}

const codeOf = (wrong: Error | string): string => {
  if (typeof wrong === 'string') return wrong;
  return 'code' in wrong ? String(wrong.code) : wrong.message.slice(0, 80);
};

async function imapStartTls(socket: Socket): Promise<void> {
  await heard(socket, /^\* OK/m);
  socket.write('a STARTTLS\r\n');
  await heard(socket, /^a OK/m);
}

async function smtpStartTls(socket: Socket): Promise<void> {
  await heard(socket, /^220 /m);
  socket.write('EHLO localhost\r\n');
  await heard(socket, /^250 /m);
  socket.write('STARTTLS\r\n');
  await heard(socket, /^220 /m);
}

function heard(socket: Socket, wanted: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const stop = (): void => {
      socket.off('data', listen);
      socket.off('error', fail);
      socket.off('close', fail);
    };
    const fail = (error?: unknown): void => {
      stop();
      reject(error instanceof Error ? error : new Error('the server closed the connection'));
    };
    const listen = (data: Buffer): void => {
      text += data.toString('latin1');
      if (!wanted.test(text)) {
        if (text.length > HEARD_MAX || /^(?:[45]\d\d |a (?:NO|BAD))/m.test(text))
          fail(new Error('the server does not offer STARTTLS'));
        return;
      }
      stop();
      resolve();
    };
    socket.on('data', listen);
    socket.on('error', fail);
    socket.on('close', fail);
  });
}

const wordsOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  return code ?? (error instanceof Error ? error.message : String(error));
};
