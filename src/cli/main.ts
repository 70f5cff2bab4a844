/** The command line. Each command is a file of its own; this one only tells them apart and turns what they throw into words. */
import { Command, CommanderError } from 'commander';
import { Failure } from '../app/failures.ts';
import { outliveReaders } from './closed-output.ts';
import { ExitCode, exitCodeOf, Finding } from './exit.ts';
import { explainErrors } from './wrong-usage.ts';

/** Each is loaded when it is asked for: what one command needs would hold up the start of every other. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import('./start.ts')).addStart,
  init: async () => (await import('./init.ts')).addInit,
  welcome: async () => (await import('./welcome.ts')).addWelcome,
  check: async () => (await import('./check.ts')).addCheck,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  status: async () => (await import('./status.ts')).addStatus,
  requests: async () => (await import('./requests.ts')).addRequests,
  show: async () => (await import('./show.ts')).addShow,
  who: async () => (await import('./who.ts')).addWho,
  people: async () => (await import('./people.ts')).addPeople,
  outbox: async () => (await import('./outbox.ts')).addOutbox,
  logs: async () => (await import('./logs.ts')).addLogs,
  digest: async () => (await import('./digest.ts')).addDigest,
  report: async () => (await import('./report.ts')).addReport,
  health: async () => (await import('./health.ts')).addHealth,
  migrate: async () => (await import('./migrate.ts')).addMigrate,
  verify: async () => (await import('./verify.ts')).addVerify,
  preview: async () => (await import('./preview.ts')).addPreview,
  demo: async () => (await import('./demo.ts')).addDemo,
  parked: async () => (await import('./parked.ts')).addParked,
  clocks: async () => (await import('./clocks.ts')).addClocks,
  parse: async () => (await import('./parse.ts')).addParse,
  learn: async () => (await import('./learn.ts')).addLearn,
  classify: async () => (await import('./classify.ts')).addClassify,
  thread: async () => (await import('./thread.ts')).addThread,
  lookback: async () => (await import('./lookback.ts')).addLookBack,
  explain: async () => (await import('./explain.ts')).addExplain,
  model: async () => (await import('./model.ts')).addModel,
  erase: async () => (await import('./erase.ts')).addErase,
  backup: async () => (await import('./backup.ts')).addBackup,
  connect: async () => (await import('./connect.ts')).addConnect,
  restore: async () => (await import('./restore.ts')).addRestore,
};

const program = new Command('baton')
  .description('Gives every mail in a shared inbox one person who answers for it, from arrival to done.')
  .exitOverride();
const asked = process.argv[2] ?? '';
for (const load of Object.hasOwn(commands, asked) ? [commands[asked]] : Object.values(commands)) {
  (await load?.())?.(program);
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
