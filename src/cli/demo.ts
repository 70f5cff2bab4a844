/** `baton demo`: plays a property manager's day with real servers, workers and mail, and shows who answers for what. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { MailWorkers, startWorkers } from '../../workers/all.ts';
import { pinoLog } from '../adapters/log/pino-log.ts';
import { END, START, ZONE } from '../runtime/demo/day.ts';
import { clockWords, display } from '../runtime/demo/display.ts';
import { isKept, judgeDay, lastLine } from '../runtime/demo/outcome.ts';
import { type Played, playDay } from '../runtime/demo/play.ts';
import { keepLooking, openPlayground } from '../runtime/demo/playground/open-playground.ts';
import { dayReport } from '../runtime/demo/report.ts';
import { whatToTry } from '../runtime/demo/what-to-try.ts';
import { untilStopped } from '../runtime/lifecycle.ts';
import { whenOrphaned } from '../runtime/parent.mjs';
import { ExitCode, Finding } from './exit.ts';
import { openBrowser } from './open-browser.ts';

type DemoOptions = { readonly exit?: boolean; readonly open: boolean; readonly port?: number };

/** At a terminal each step stays long enough to be seen. */
const PACE_MS = 90;
const HELD =
  'Every promise held: checked against the database, the mailboxes and every mail that was received.';
const SAMPLE = 'Leak under';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description("play a sample day: real servers, real mail, thirty tenants' mails in half a minute")
    .option('--exit', 'end after the day: 0 when every promise held, 1 when not')
    .option('--port <number>', 'where the playground listens; by default any that is free', portNumber)
    .option('--no-open', 'do not open the playground in the browser')
    .addHelpText(
      'after',
      '\nEverything runs in this process and in a database under a folder of its own, which is removed at the end;' +
        '\nnothing is sent anywhere. Without --exit a playground opens after the day, until Ctrl-C: be a tenant' +
        '\nor a teammate, write and answer mail, skip hours, and watch the board.' +
        '\n\nExample:\n  npm run demo\n  npm run demo -- --port 8099 --no-open\n  npm run demo -- --exit',
    )
    .action((options: DemoOptions) =>
      untilStopped((signal) => demo(options, AbortSignal.any([signal, orphaned()]))),
    );
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a number up to 65535.');
  return port;
}

function orphaned(): AbortSignal {
  const gone = new AbortController();
  whenOrphaned(() => gone.abort());
  return gone.signal;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function demo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const exits = options.exit === true;
  try {
    const played = await play(exits, signal);
    try {
      await finish(played, options, signal);
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

async function finish(played: Played, options: DemoOptions, signal: AbortSignal): Promise<void> {
  const { stage, board, names } = played;
  const time = clockWords(ZONE);
  say(`\n${await dayReport({ board, names, time, sample: SAMPLE })}`);
  const outcome = await judgeDay(stage, signal);
  const kept = isKept(outcome);
  const broken = ['The day did not go as promised:', ...outcome.violations].join('\n  ');
  if (kept) say(HELD);
  if (options.exit === true) {
    process.stdout.write(`${lastLine(outcome)}\n`);
    if (!kept) throw new Finding(broken);
    return;
  }
  if (!kept) say(broken);
  say(`${lastLine(outcome)}\n`);
  await stayOpen(played, options, signal);
}

/** From here on the demo's clock keeps pace with ours, and a visitor may be anybody in it. */
async function stayOpen(played: Played, { port, open }: DemoOptions, signal: AbortSignal): Promise<void> {
  const { stage } = played;
  const time = clockWords(ZONE);
  await stage.letTimeRun();
  await stage.letDanaRead();
  const playground = openPlayground({
    played,
    looksAs: 'dana',
    signal,
    tell: (lines) => lines.forEach(({ at, text }) => void say(`${time(at)} ${text}`)),
  });
  say('The night goes by…\n');
  await playground.untilMorning();
  // Loaded here, so that no other command holds a web server in memory.
  const { servePlayground } = await import('../runtime/demo/playground/serve-playground.ts');
  const page = await servePlayground({ played, playground, port: port ?? 0 });
  try {
    say(whatToTry({ url: page.url, smtpPort: stage.server.smtpPort, configFile: stage.configFile }));
    if (open !== false) openBrowser(page.url);
    await keepLooking(playground, signal);
    say('Stopping, and removing everything that the demo made.');
  } finally {
    await page.close();
  }
}
