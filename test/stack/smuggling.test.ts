/**
 * Row 49 of the hazards: a mail that hides a second one behind a line end that only some servers take for the end of
 * a mail (CVE-2023-51764), sent to Debian's Postfix with the setting that we ask for, and without it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { startDovecot } from '../support/stack/dovecot.ts';
import { startPostfix } from '../support/stack/postfix.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const LONG = { timeout: 60_000 };
const OFFICE = 'office@elm.example';
const HIDDEN = `MAIL FROM:<boss@elm.example>\r\nRCPT TO:<${OFFICE}>\r\nDATA\r\nFrom: Dana <dana@elm.example>\r\nSubject: hidden\r\n\r\naccept`;

describeOn(['dovecot', 'postfix'], 'a mail with another one hidden in it, on Postfix', () => {
  const dovecot = useServer(startDovecot);

  /** Sends it to a Postfix with this setting, once with each end; answers the mails that arrived of each. */
  async function arrived(setting: string, ends: readonly string[]): Promise<Buffer[][]> {
    const user = dovecot().newUser();
    const postfix = await startPostfix(dovecot(), { [OFFICE]: user }, [
      `smtpd_forbid_bare_newline = ${setting}`,
    ]);
    onTestFinished(() => postfix.end());
    const folder = join(dovecot().maildir(user), 'new');
    const seen = new Set<string>();
    const found: Buffer[][] = [];
    for (const end of ends) {
      await send(
        postfix.port,
        `From: Eve <eve@evil.example>\r\nSubject: open\r\n\r\nHello${end}${HIDDEN}\r\n.\r\n`,
      );
      await waitUntil('the mail is handed on', () => postfix.isIdle());
      const fresh = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => !seen.has(name));
      found.push(fresh.map((name) => readFileSync(join(folder, name))));
      for (const name of fresh) seen.add(name);
    }
    return found;
  }

  test(
    'hazards 49: behind a bare line end it stays a part of the first mail once those are made whole',
    LONG,
    async () => {
      for (const mails of await arrived('normalize', ['\n.\n', '\n.\r\n', '\r.\r\n', '\r\n.\r'])) {
        expect(mails.length).toBeLessThanOrEqual(1);
        for (const raw of mails) {
          const mail = await parseInProcess(raw);
          expect(mail.from).toEqual([{ name: 'Eve', address: 'eve@evil.example' }]);
          expect(mail).toMatchObject({ subject: 'open', text: expect.stringMatching(/^Hello/) });
        }
      }
    },
  );

  test(
    'hazards 49: without that setting it arrives as a mail of its own, which is why we ask for it',
    LONG,
    async () => {
      const [mails = []] = await arrived('no', ['\n.\n']);
      const subjects = await Promise.all(mails.map(async (raw) => (await parseInProcess(raw)).subject));
      expect(subjects.sort()).toEqual(['hidden', 'open']);
    },
  );
});

/** Speaks as an outside server does; ends when the server has said good-bye or hung up. */
function send(port: number, data: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = ['EHLO mx.evil.example', 'MAIL FROM:<eve@evil.example>', `RCPT TO:<${OFFICE}>`, 'DATA'];
    const socket = connect(port, '127.0.0.1');
    let isSent = false;
    socket.setEncoding('latin1');
    socket.on('data', (reply: string) => {
      if (!/^\d{3} [^\n]*\n$/m.test(reply)) return;
      const line = lines.shift();
      if (line !== undefined) socket.write(`${line}\r\n`);
      else if (!isSent) {
        isSent = true;
        socket.write(data);
      } else if (!socket.writableEnded) socket.end('QUIT\r\n');
    });
    socket.on('close', () => resolve());
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve() : reject(error),
    );
  });
}
