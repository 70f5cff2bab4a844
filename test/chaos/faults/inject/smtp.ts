/** What mail servers answer, or do not. */
import { chosen, type Fault } from './fault.ts';
import { network } from './network.ts';

const BEFORE_CONTENT = ['CONNECT', 'EHLO,HELO', 'MAIL', 'RCPT', 'DATA'] as const;
const COMMANDS = ['MAIL', 'RCPT', 'DATA', '.'] as const;
const RESET_AFTER = [30, 120, 400] as const;

/** smtp-sink with these flags, for as long as the fault lasts. `isRefusing`: what it keeps meanwhile it has not taken. */
const sinkWith =
  (flags: (choice: number) => readonly string[], isRefusing: boolean): Fault =>
  async ({ setting }, choice) => {
    await setting.sink.restart(flags(choice), isRefusing);
    return () => setting.sink.restart();
  };

const down: Fault = async ({ setting }) => {
  await setting.sink.daemon.kill('SIGKILL');
  return () => setting.sink.restart();
};

export const smtpFaults = {
  'smtp-down': down,
  'smtp-away': down,
  'smtp-421': sinkWith((choice) => ['-Q', chosen([...BEFORE_CONTENT, '.'], choice)], true),
  'smtp-450': sinkWith((choice) => ['-r', chosen(COMMANDS, choice)], true),
  'smtp-550': sinkWith((choice) => ['-f', chosen(COMMANDS, choice)], true),
  'smtp-hangs-up': sinkWith((choice) => ['-q', chosen(BEFORE_CONTENT, choice)], true),
  'smtp-250-lost': sinkWith(() => ['-q', '.'], false),
  'smtp-aborts': sinkWith(() => ['-A', '0'], false),
  'smtp-late': sinkWith((choice) => ['-W', `${chosen(['CONNECT', 'RCPT', '.'], choice)}:3`], false),
  ...network('smtp', { slowMs: 200, resetAfter: RESET_AFTER }),
} satisfies Record<string, Fault>;
