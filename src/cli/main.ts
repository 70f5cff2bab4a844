/** The command line. Each command is a file of its own; this one only tells them apart and turns what they throw into words. */
import { Command, CommanderError } from 'commander';
import { Failure } from '../app/failures.ts';
import { addDemo } from './demo.ts';
import { ExitCode, exitCodeOf, Finding } from './exit.ts';
import { addHealth } from './health.ts';
import { addMigrate } from './migrate.ts';
import { addParse } from './parse.ts';
import { addStart } from './start.ts';
import { addStatus } from './status.ts';
import { addVerify } from './verify.ts';

const program = new Command('baton')
  .description('Gives every mail in a shared inbox one person who answers for it, from arrival to done.')
  .showHelpAfterError('Try "npx baton --help".')
  .exitOverride();
for (const add of [addStart, addStatus, addHealth, addMigrate, addVerify, addDemo, addParse]) add(program);

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
