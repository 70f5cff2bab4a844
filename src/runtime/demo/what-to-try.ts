/** What a visitor can do once the day is over and everything still runs. */
import type { Board } from '../../app/ports/board.ts';
import { MAINTENANCE } from './company.ts';
import { answerAddress, type Received } from './world.ts';

export type WhatToTry = {
  readonly board: Board;
  readonly url: string;
  readonly smtpPort: number;
  readonly received: readonly Received[];
  readonly configFile: string;
};

/** Those that tell most of what has happened. */
const COMMANDS = ['status', 'digest --to dana', 'clocks', 'parked', 'verify'];

export async function whatToTry({ board, url, smtpPort, received, configFile }: WhatToTry): Promise<string> {
  const lines = [
    `All of it, to look at:  ${url}`,
    '',
    'It still runs. Write to the shared address as a tenant would:',
    ...mail(smtpPort, 'you@home.example', MAINTENANCE, 'Leak in the bath', 'The tap runs and runs.'),
  ];
  const waiting = (await board.requests()).findLast(({ state }) => state.phase === 'offered');
  const member = waiting?.state.offer?.to;
  const asked = received.findLast(
    ({ to, mail: { subject } }) => to === `${member}@elm.example` && subject.startsWith(`#${waiting?.id} `),
  );
  if (asked !== undefined) {
    lines.push(
      '',
      `Or answer for ${member}, who is asked to take "${asked.mail.subject}":`,
      ...mail(smtpPort, asked.to, answerAddress(asked.mail), `Re: ${asked.mail.subject}`, 'accept'),
    );
  }
  lines.push(
    '',
    'Or ask as its operator would, from another terminal (its configuration is the file named):',
  );
  lines.push(...COMMANDS.map((command) => `  npx baton ${command} --config ${configFile}`));
  return [...lines, '', 'Ctrl-C ends it and leaves nothing behind.'].join('\n');
}

/** As lines to paste into a shell. Only words of the demo's own reach it, and quotation marks none of them. */
function mail(port: number, from: string, to: string, subject: string, text: string): string[] {
  const safe = subject.replace(/[^\w #:.,-]/g, '');
  return [
    `  printf 'From: ${from}\\r\\nTo: ${to}\\r\\nSubject: ${safe}\\r\\n\\r\\n${text}\\r\\n' |`,
    `    curl -sS smtp://127.0.0.1:${port} --mail-from ${from} --mail-rcpt ${to} --upload-file -`,
  ];
}
