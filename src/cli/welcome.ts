/** `baton welcome`: sends each member the mail that is answered with one word, and so proves that their answers count. */
import type { Command } from 'commander';
import { pinoLog } from '../adapters/log/pino-log.ts';
import { deliverOutbox } from '../app/deliver-outbox.ts';
import { type Welcomed, writeWelcomes } from '../app/send-welcome.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { resolveName } from '../domain/roster.ts';
import { type Services, startServices } from '../runtime/services.ts';
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
  const services = await startServices({ config, log: pinoLog('error'), say: line.say });
  try {
    const policy = services.deps.policy();
    const members =
      named.length === 0 ? activeMembers(policy) : named.map((name) => memberNamed(policy, name));
    line.say(`Writing to ${members.length} ...`);
    const welcomed = await writeWelcomes(services.deps, members, options.again === true);
    await deliver(services, welcomed);
    line.end();
    await tell(services, welcomed);
  } finally {
    line.end();
    await services.close();
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

/** At once, since whoever runs this waits for it; a mailer that runs may be the first, which is as good. */
async function deliver({ deps }: Services, welcomed: readonly Welcomed[]): Promise<void> {
  const ids = welcomed.flatMap(({ notice }) => notice ?? []);
  if (ids.length > 0) await deliverOutbox(deps, ids);
}

async function tell({ deps }: Services, welcomed: readonly Welcomed[]): Promise<void> {
  const name = (id: MemberId): string => deps.policy().members.get(id)?.name ?? id;
  const written = welcomed.filter(({ notice }) => notice !== null);
  const before = welcomed.filter(({ notice }) => notice === null);
  if (written.length > 0)
    process.stdout.write(`Written to ${written.map(({ member }) => name(member)).join(', ')}.\n`);
  if (before.length > 0)
    process.stdout.write(
      `Left out, since they had it before (--again sends it once more): ${before.map(({ member }) => name(member)).join(', ')}.\n`,
    );
  process.stdout.write(
    'Each answers with one word. "npx baton start all" reads the answers (with --shadow too), "npx baton doctor" tells who is ready.\n',
  );
}
