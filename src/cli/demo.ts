/** `baton demo`: plays a property manager's day with real servers, workers and mail, and shows who answers for what. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { MailWorkers, startWorkers } from '../../workers/all.ts';
import { pinoLog } from '../adapters/log/pino-log.ts';
import { parseInProcess } from '../adapters/mime/parse-mail.ts';
import { serveBoard } from '../adapters/web/board-server.ts';
import { END, START, ZONE } from '../runtime/demo/day.ts';
import { clockWords, display } from '../runtime/demo/display.ts';
import { isKept, judgeDay, lastLine } from '../runtime/demo/outcome.ts';
import { type Played, playDay } from '../runtime/demo/play.ts';
import { dayReport } from '../runtime/demo/report.ts';
import { whatToTry } from '../runtime/demo/what-to-try.ts';
import { untilStopped } from '../runtime/lifecycle.ts';
import { whenOrphaned } from '../runtime/parent.mjs';
import { ExitCode, Finding } from './exit.ts';

type DemoOptions = { readonly exit?: boolean };

/** At a terminal each step stays long enough to be seen. */
const PACE_MS = 90;
const LOOK_AGAIN_MS = 1_000;
const HELD =
  'Every promise held: checked against the database, the mailboxes and every mail that was received.';
const SAMPLE = 'Leak under';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description("play a sample day: real servers, real mail, thirty tenants' mails in half a minute")
    .option('--exit', 'end after the day: 0 when every promise held, 1 when not')
    .addHelpText(
      'after',
      '\nEverything runs in this process and in a database under a folder of its own, which is removed at the end;' +
        '\nnothing is sent anywhere. Without --exit a page with all requests stays open until Ctrl-C.' +
        '\n\nExample:\n  npm run demo\n  npm run demo -- --exit',
    )
    .action((options: DemoOptions) =>
      untilStopped((signal) => demo(options.exit === true, AbortSignal.any([signal, orphaned()]))),
    );
}

function orphaned(): AbortSignal {
  const gone = new AbortController();
  whenOrphaned(() => gone.abort());
  return gone.signal;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function demo(exits: boolean, signal: AbortSignal): Promise<void> {
  try {
    const played = await play(exits, signal);
    try {
      await finish(played, exits, signal);
    } finally {
      await played.stage.close();
    }
  } catch (error) {
    // Whoever pressed Ctrl-C knows why it ended.
    if (!signal.aborted) throw error;
    if (exits) process.exitCode = ExitCode.finding;
  }
}

async function play(exits: boolean, signal: AbortSignal): Promise<Played> {
  const shown = display({ out: process.stderr, from: START, until: END, timeZone: ZONE });
  const isWatched = process.stderr.isTTY && !exits;
  let trouble = '';
  say('Starting a mail server, a database and the workers…');
  try {
    return await playDay({
      startWork: (services, until) =>
        startWorkers(services, MailWorkers, until, (_folder, state) => {
          trouble = state.type === 'failing' ? `\nA mailbox cannot be read: ${state.message}` : '';
        }),
      // What goes wrong on purpose is told by the story itself.
      log: pinoLog('error'),
      say: () => {},
      signal,
      show: async ({ clock }, lines) => {
        shown.show(clock.now(), lines);
        if (isWatched && lines.length > 0) await pause(PACE_MS, undefined, { signal });
      },
    });
  } catch (error) {
    if (error instanceof Error) error.message += trouble;
    throw error;
  } finally {
    shown.end();
  }
}

async function finish(played: Played, exits: boolean, signal: AbortSignal): Promise<void> {
  const { stage, board, names } = played;
  const time = clockWords(ZONE);
  say(`\n${await dayReport({ board, names, time, sample: SAMPLE })}`);
  const outcome = await judgeDay(stage, signal);
  const kept = isKept(outcome);
  const broken = ['The day did not go as promised:', ...outcome.violations].join('\n  ');
  if (kept) say(HELD);
  if (exits) {
    process.stdout.write(`${lastLine(outcome)}\n`);
    if (!kept) throw new Finding(broken);
    return;
  }
  if (!kept) say(broken);
  say(`${lastLine(outcome)}\n`);
  await stayOpen(played, signal);
}

/** From here on the demo's clock keeps pace with ours, and what visitors do is told as it happens. */
async function stayOpen({ stage, board, names, news }: Played, signal: AbortSignal): Promise<void> {
  const time = clockWords(ZONE);
  const page = await serveBoard({
    board,
    names,
    members: () => [...stage.services.settings.policy.members.keys()],
    now: stage.clock.now,
    timeZone: ZONE,
    title: 'Elm Property Management',
    readMail: async (raw) => (await parseInProcess(raw)).text,
  });
  try {
    await stage.letTimeRun();
    const { configFile, received, server } = stage;
    say(await whatToTry({ board, url: page.url, smtpPort: server.smtpPort, received, configFile }));
    while (!signal.aborted) {
      for (const { at, text } of await news()) say(`${time(at)} ${text}`);
      await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
    }
    say('Stopping, and removing everything that the demo made.');
  } finally {
    await page.close();
  }
}
