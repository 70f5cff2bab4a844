/** What somebody is told who typed a command wrongly. */
import { Argument, Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { explainErrors } from '../../src/cli/wrong-usage.ts';

function told(...words: string[]): string {
  let said = '';
  const program = new Command('baton').exitOverride();
  const write = (text: string) => {
    said += text;
  };
  program.configureOutput({ writeErr: write });
  program
    .command('start')
    .addArgument(new Argument('<what>', 'all workers, or one kind').choices(['all', 'clock']));
  const parked = program.command('parked');
  parked.command('retry').addOption(new Option('--by <member>', 'in whose name').makeOptionMandatory());
  explainErrors(program);
  try {
    program.parse(words, { from: 'user' });
  } catch {
    return said;
  }
  return 'nothing is wrong';
}

test('an argument that is missing is told with the words it may be, an option with what it is', () => {
  expect(told('start')).toBe(
    'error: missing required argument \'what\'\nwhat: all workers, or one kind: all, clock\nTry "npx baton start --help".\n',
  );
  expect(told('parked', 'retry')).toBe(
    'error: required option \'--by <member>\' not specified\n--by <member>: in whose name\nTry "npx baton parked retry --help".\n',
  );
});

test('anything else points to the help of the command that was typed, or of all', () => {
  expect(told('parked', '--nope')).toMatch(/unknown option '--nope'\nTry "npx baton parked --help"\.\n$/);
  expect(told('stop')).toMatch(/^error: unknown command 'stop'[\s\S]*Try "npx baton --help"\.\n$/);
});
