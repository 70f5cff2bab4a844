/** What a visitor can do once the day is over and everything still runs. */
import { MAINTENANCE } from './company.ts';

export type WhatToTry = {
  readonly url: string;
  readonly smtpPort: number;
  readonly configFile: string;
};

/** Those that tell most of what has happened. */
const COMMANDS = ['status', 'digest --to dana', 'clocks', 'parked', 'verify'];

export function whatToTry({ url, smtpPort, configFile }: WhatToTry): string {
  const line = '━'.repeat(url.length + 22);
  return [
    line,
    `  The playground:  ${url}`,
    line,
    '',
    'It is the next morning there. Write as a tenant, answer as whoever is asked, skip hours, and watch',
    'the board. The same over SMTP:',
    ...mail(smtpPort, 'you@home.example', MAINTENANCE, 'Leak in the bath', 'The tap runs and runs.'),
    '',
    'Or ask as its operator would, from another terminal (its configuration is the file named):',
    ...COMMANDS.map((command) => `  npx baton ${command} --config ${configFile}`),
    '',
    'Ctrl-C ends it and leaves nothing behind.',
  ].join('\n');
}

/** As lines to paste into a shell. */
function mail(port: number, from: string, to: string, subject: string, text: string): string[] {
  return [
    `  printf 'From: ${from}\\r\\nTo: ${to}\\r\\nSubject: ${subject}\\r\\n\\r\\n${text}\\r\\n' |`,
    `    curl -sS smtp://127.0.0.1:${port} --mail-from ${from} --mail-rcpt ${to} --upload-file -`,
  ];
}
