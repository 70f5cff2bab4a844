/** What people at a terminal read of running workers, and what a pipe gets. */
import { describe, expect, test } from 'vitest';
import { mailboxReports } from '../../src/cli/mailbox-reports.ts';
import { workerConsole } from '../../src/cli/worker-console.ts';
import type { Settings } from '../../src/runtime/settings.ts';

const REFUSED = 'The mail server mail.elm.example:993 refuses the login of office@elm.example.';
const entry = (fields: object): string =>
  `${JSON.stringify({ level: 40, time: '2026-03-02T08:00:00.000Z', step: 'poll', ...fields })}\n`;

function written(isTTY: boolean) {
  const lines: string[] = [];
  return { lines, ...workerConsole({ isTTY, write: (text) => lines.push(text) }) };
}

describe('the console of workers', () => {
  test('shows the log at a terminal as lines for people, without what a sentence has told', () => {
    const { lines, say, log } = written(true);
    say(`office@elm.example: mail is NOT read. ${REFUSED}`);
    log?.write(entry({ detail: REFUSED, failures: 1, msg: 'the mailbox cannot be read' }));
    log?.write(entry({ detail: 'Something else.', msg: 'the mailbox cannot be read' }));
    expect(lines.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual([
      `office@elm.example: mail is NOT read. ${REFUSED}\n`,
      '2026-03-02 08:00:00.000 WARN  poll       the mailbox cannot be read detail=Something else.\n',
    ]);
  });

  test('leaves the log as it is where nobody looks', () => {
    const { lines, say, log } = written(false);
    say('Baton runs.');
    expect({ lines, log }).toEqual({ lines: ['Baton runs.\n'], log: null });
  });
});

describe('what is said of watched folders', () => {
  function reports() {
    const lines: string[] = [];
    const config = {
      inboxes: { office: { address: 'office@elm.example' } },
    } as unknown as Settings['config'];
    const report = mailboxReports({ config }, (line) => lines.push(line));
    const on = (folder: string) => ({
      ...{ inboxId: 'office', folder, role: 'inbox' as const, startFrom: null },
      ...{ key: folder, junk: null },
    });
    return {
      lines,
      report: (folder: string, state: Parameters<typeof report>[1]) => report(on(folder), state),
    };
  }
  const refused = { type: 'failing', code: 'imap-login-refused', message: REFUSED } as const;
  const reading = { type: 'reading' } as const;

  test('a refused login is told once for all of its folders, and again when it is refused anew', () => {
    const { lines, report } = reports();
    report('Sent', refused);
    report('INBOX', refused);
    report('Sent', refused);
    for (const folder of ['INBOX', 'Sent']) report(folder, reading);
    report('INBOX', { ...refused, code: 'imap-unreachable', message: 'Gone.' });
    report('Sent', { ...refused, code: 'imap-unreachable', message: 'Gone.' });
    expect(lines).toEqual([
      `office@elm.example: mail is NOT read. ${REFUSED}`,
      'office@elm.example (INBOX): mail is read.',
      'office@elm.example (Sent): mail is read.',
      'office@elm.example (INBOX): mail is NOT read. Gone.',
      'office@elm.example: mail is NOT read. Gone.',
    ]);
  });

  test('a folder that is not there is told for that folder', () => {
    const { lines, report } = reports();
    report('Sent', { type: 'failing', code: 'imap-no-such-folder', message: 'No such folder.' });
    expect(lines).toEqual(['office@elm.example (Sent): mail is NOT read. No such folder.']);
  });
});
