/** `baton welcome`: sends each member the mail that is answered with one word, and so proves that their answers count. */
import type { Command } from 'commander';
import { type DeliverDeps, deliverOutbox } from '../app/deliver-outbox.ts';
import { type Welcomed, writeWelcomes } from '../app/send-welcome.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { resolveName } from '../domain/roster.ts';
import { openMailer } from '../runtime/mailer.ts';
import { configOption, loadOrEnd } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { terminalLine } from './terminal-progress.ts';

type Options = { readonly config: string; readonly again?: boolean };

export function addWelcome(program: Command): void {
  program
    .command('welcome')
    .description(
      'send members the mail that they answer with one word, which proves that their answers count',
    )
    .argument('[member...]', 'these members alone, by name or id')
    .addOption(configOption())
    .option('--again', 'also to who had it before')
    .addHelpText(
      'after',
      '\nIt goes out in the name of the final manager, once to each. The answers are read while Baton runs, with --shadow' +
        '\ntoo; "npx baton doctor" then tells who is ready.\n\nExamples:\n  npx baton welcome\n  npx baton welcome --again priya sam',
    )
    .action(run);
}

async function run(named: readonly string[], options: Options): Promise<void> {
  const { config } = loadOrEnd(options.config);
  const line = terminalLine();
  line.say('Opening the database ...');
  const { deps, close } = await openMailer(config);
  try {
    const policy = deps.policy();
    const members =
      named.length === 0 ? activeMembers(policy) : named.map((name) => memberNamed(policy, name));
    line.say(`Writing to ${members.length} ...`);
    const welcomed = await writeWelcomes(deps, members, options.again === true);
    // At once, since whoever runs this waits for it; a mailer that runs may be the first, which is as good.
    const ids = welcomed.flatMap(({ notice }) => notice ?? []);
    if (ids.length > 0) await deliverOutbox(deps, ids);
    line.end();
    await tell(deps, welcomed);
  } finally {
    line.end();
    await close();
  }
}

const activeMembers = (policy: Policy): MemberId[] =>
  [...policy.members.values()].filter(({ active }) => active).map(({ id }) => id);

function memberNamed(policy: Policy, typed: string): MemberId {
  const found = resolveName(policy, typed);
  if (found.type === 'one') return found.member.id;
  const all = activeMembers(policy).join(', ');
  throw new Finding(
    `There is no one member called "${typed}". The configuration has: ${all}.`,
    ExitCode.usage,
  );
}

async function tell(deps: DeliverDeps, welcomed: readonly Welcomed[]): Promise<void> {
  const name = ({ member }: Welcomed): string => deps.policy().members.get(member)?.name ?? member;
  const keys = new Map(welcomed.map((one) => [one.key, one]));
  const progress = await deps.store.readProgress([...keys.keys()]);
  const written = welcomed.filter(({ notice }) => notice !== null);
  const before = welcomed.filter(({ notice }) => notice === null);
  if (written.length > 0) process.stdout.write(`Written to ${written.map(name).join(', ')}.\n`);
  if (before.length > 0)
    process.stdout.write(
      `Left out, since they had it before (--again sends it once more): ${before.map(name).join(', ')}.\n`,
    );
  const waiting = progress.filter(({ settledAt }) => settledAt === null).length;
  if (waiting > 0)
    process.stdout.write(
      `${waiting} did not go out yet, and go out while Baton runs: "npx baton doctor" says why.\n`,
    );
  process.stdout.write(NEXT);
}

const NEXT =
  'Each answers with one word. "npx baton start all" reads the answers (with --shadow too), and "npx baton doctor" tells\nwho is ready.\n';
