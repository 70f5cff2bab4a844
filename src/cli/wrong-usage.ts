/** What somebody who typed a command wrongly is told: what was missing, in words, and where the help of that command is. */
import type { Command } from 'commander';

/** For this command and all below it. */
export function explainErrors(command: Command, path = command.name()): void {
  command.showHelpAfterError(`Try "npx ${path} --help".`);
  command.configureOutput({
    outputError: (text, write) => write(`${text}${missing(command, text)}`),
  });
  for (const below of command.commands) explainErrors(below, `${path} ${below.name()}`);
}

/** What may stand in the place that was left empty; nothing for errors of another kind. */
function missing(command: Command, text: string): string {
  const name = /missing required argument '([^']+)'/.exec(text)?.[1];
  const argument = command.registeredArguments.find((one) => one.name() === name);
  if (argument !== undefined) return line(name ?? '', argument.description, argument.argChoices);
  const flags = /required option '([^']+)' not specified/.exec(text)?.[1];
  const option = command.options.find((one) => one.flags === flags);
  return option === undefined ? '' : line(option.flags, option.description, option.argChoices);
}

const line = (what: string, description: string, choices: readonly string[] | undefined): string =>
  `${what}: ${description}${choices === undefined ? '' : `: ${choices.join(', ')}`}\n`;
