/** `baton check`: whether a configuration is right, without starting or asking anything. */
import type { Command } from 'commander';
import { toPolicy } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { configOption, loadOrEnd, warningLines } from './config-option.ts';
import { weakInboxes } from './weak-inboxes.ts';

export function addCheck(program: Command): void {
  program
    .command('check')
    .description(
      'tell whether a configuration is right; exit 78 with everything that is wrong when it is not',
    )
    .addOption(configOption())
    .addHelpText(
      'after',
      '\nIt reads the file, the wordings beside it, the environment and the files of secrets, and asks no server. What is' +
        '\nallowed and hardly meant is a warning.\n\nExample:\n  npx baton check --config baton.yaml',
    )
    .action(check);
}

function check(options: { readonly config: string }): void {
  const { config, warnings } = loadOrEnd(options.config);
  for (const line of [...warningLines(warnings), ...weakInboxes(toPolicy(config))])
    process.stderr.write(`${line}\n`);
  process.stdout.write(`${options.config} is fine: ${whatIsIn(config)}.\n`);
}

/** Counted, so that a section that stands in the wrong place is seen to be missing. */
function whatIsIn({
  inboxes,
  members,
  teams,
  rules,
  categories,
  ladders,
  database,
  redis,
  pages,
  alarm,
}: Config): string {
  const several = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
  const isAlarmed = alarm.mail !== undefined || alarm.webhook !== undefined || alarm.heartbeat !== undefined;
  return [
    several(Object.keys(inboxes).length, 'inbox', 'inboxes'),
    several(Object.keys(members).length, 'member'),
    several(Object.keys(teams).length, 'team'),
    several(rules.length, 'rule'),
    several(Object.keys(categories).length, 'category', 'categories'),
    ladders.length === 0 ? 'the usual ladders' : several(ladders.length, 'ladder'),
    database.url === undefined ? 'the embedded database' : 'a database of your own',
    redis.url === undefined ? 'no Redis' : 'Redis',
    pages === undefined ? 'no pages' : 'pages',
    isAlarmed ? 'an alarm when mail does not flow' : 'no alarm when mail does not flow',
  ].join(', ');
}
