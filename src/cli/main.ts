/** The command line. Each command is a file of its own; this one only tells them apart and turns what they throw into words. */
import { Command, CommanderError } from 'commander';
import { Failure } from '../app/failures.ts';
import { outliveReaders } from './closed-output.ts';
import { ExitCode, exitCodeOf, Finding } from './exit.ts';
import { explainErrors } from './wrong-usage.ts';

type Commands = Readonly<Record<string, () => Promise<(program: Command) => void>>>;

/**
 * In the order in which somebody comes to need them. Each is loaded when it is asked for: what one command needs would
 * hold up the start of every other.
 */
const groups: Readonly<Record<string, Commands>> = {
  'Try it, and set it up:': {
    demo: async () => (await import('./demo.ts')).addDemo,
    lookback: async () => (await import('./lookback.ts')).addLookBack,
    init: async () => (await import('./init.ts')).addInit,
    check: async () => (await import('./check.ts')).addCheck,
    connect: async () => (await import('./connect.ts')).addConnect,
    doctor: async () => (await import('./doctor.ts')).addDoctor,
    welcome: async () => (await import('./welcome.ts')).addWelcome,
  },
  'Run it:': {
    start: async () => (await import('./start.ts')).addStart,
    status: async () => (await import('./status.ts')).addStatus,
    health: async () => (await import('./health.ts')).addHealth,
    logs: async () => (await import('./logs.ts')).addLogs,
    verify: async () => (await import('./verify.ts')).addVerify,
  },
  'Look at requests and people:': {
    requests: async () => (await import('./requests.ts')).addRequests,
    show: async () => (await import('./show.ts')).addShow,
    who: async () => (await import('./who.ts')).addWho,
    people: async () => (await import('./people.ts')).addPeople,
    clocks: async () => (await import('./clocks.ts')).addClocks,
    digest: async () => (await import('./digest.ts')).addDigest,
    report: async () => (await import('./report.ts')).addReport,
  },
  'Look at mail:': {
    explain: async () => (await import('./explain.ts')).addExplain,
    parked: async () => (await import('./parked.ts')).addParked,
    outbox: async () => (await import('./outbox.ts')).addOutbox,
    preview: async () => (await import('./preview.ts')).addPreview,
    parse: async () => (await import('./parse.ts')).addParse,
    thread: async () => (await import('./thread.ts')).addThread,
  },
  'What it learns:': {
    learn: async () => (await import('./learn.ts')).addLearn,
    model: async () => (await import('./model.ts')).addModel,
    classify: async () => (await import('./classify.ts')).addClassify,
  },
  'Look after the data:': {
    backup: async () => (await import('./backup.ts')).addBackup,
    restore: async () => (await import('./restore.ts')).addRestore,
    migrate: async () => (await import('./migrate.ts')).addMigrate,
    erase: async () => (await import('./erase.ts')).addErase,
  },
};

const program = new Command('baton')
  .description('Gives every mail in a shared inbox one person who answers for it, from arrival to done.')
  .exitOverride();
const asked = process.argv[2] ?? '';
const known: Commands = Object.assign({}, ...Object.values(groups));
if (Object.hasOwn(known, asked)) (await known[asked]?.())?.(program);
else
  for (const [heading, commands] of Object.entries(groups)) {
    program.commandsGroup(heading);
    for (const load of Object.values(commands)) (await load())(program);
  }
explainErrors(program);
outliveReaders();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// Not by itself: a library may hold a timer for longer than the work took (Prisma's engine does, ten seconds). What
// was written to a pipe goes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (error instanceof Finding) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof Failure) {
    process.stderr.write(`${error.message}\n`);
    return exitCodeOf(error);
  }
  process.stderr.write(
    `This is a defect in Baton:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return ExitCode.finding;
}
