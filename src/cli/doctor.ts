/** `baton doctor`: looks at everything that Baton rests on, and says of each thing what it means and how to mend it. */
import { type Command, Option } from 'commander';
import { dnsNameServer } from '../adapters/dns/name-server.ts';
import { certificateProbe } from '../adapters/tls/certificate-probe.ts';
import { examine, type Tools } from '../app/doctor/examine.ts';
import { ROUND_TRIP_WAIT } from '../app/doctor/round-trip.ts';
import type { Config } from '../config/schema.ts';
import { type Check, fine, isWell } from '../domain/doctor/check.ts';
import type { InboxId } from '../domain/ids.ts';
import { type InboxTools, inboxTools } from '../runtime/inbox-tools.ts';
import { machineProbe } from '../runtime/machine-probe.ts';
import { configOption, loadOrEnd, warningLines } from './config-option.ts';
import { doctorLines } from './doctor-words.ts';
import { ExitCode, Finding } from './exit.ts';
import { terminalLine } from './terminal-progress.ts';

type Options = {
  readonly config: string;
  readonly json?: boolean;
  readonly inbox?: string;
  readonly send?: boolean;
};

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at everything that Baton rests on, and say how to mend what is not well')
    .addOption(configOption())
    .addOption(new Option('--inbox <inbox>', 'of the inboxes look at this one alone, by its id or address'))
    .option('--send', 'send a mail from each inbox to itself, and wait until it comes back')
    .option('--json', 'answer as JSON')
    .addHelpText(
      'after',
      '\nNothing is changed, and without --send nothing is sent. Exit 1 when there is a problem; a warning is none.' +
        '\n\nExamples:\n  npx baton doctor --config baton.yaml\n  npx baton doctor --send --inbox office',
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { config, warnings } = loadOrEnd(options.config);
  const wanted = options.inbox?.toLowerCase();
  const inboxes = Object.entries(config.inboxes)
    .filter(
      ([id, { address }]) =>
        wanted === undefined || id.toLowerCase() === wanted || address.toLowerCase() === wanted,
    )
    .map(([id]) => id);
  if (inboxes.length === 0)
    throw new Finding(
      `There is no inbox "${options.inbox}". The configuration has: ${Object.keys(config.inboxes).join(', ')}.`,
      ExitCode.usage,
    );
  const line = terminalLine();
  const { tools, close } = toolsFor(config, inboxes, options.send === true);
  line.say(options.send ? 'Looking, and waiting for a mail to come back ...' : 'Looking ...');
  try {
    const found = await examine(tools, (done, of) => line.say(`Looking ... ${done} of ${of}`));
    const checks = [fine({ id: 'configuration' }, `${options.config} is right`), ...found];
    line.end();
    tell(checks, warningLines(warnings), config, options.json === true);
  } finally {
    line.end();
    await close();
  }
}

function tell(checks: readonly Check[], warnings: readonly string[], config: Config, json: boolean): void {
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const titles = new Map<string | null, string>([
    [null, 'Baton'],
    ...Object.entries(config.inboxes).map(([id, { address }]) => [id, address] as const),
  ]);
  const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  process.stdout.write(
    json
      ? `${JSON.stringify({ ok: isWell(checks), checks })}\n`
      : `${doctorLines(checks, { titles, colour }).join('\n')}\n`,
  );
  if (!isWell(checks)) process.exitCode = ExitCode.finding;
}

function toolsFor(
  config: Config,
  ids: readonly InboxId[],
  send: boolean,
): { tools: Tools; close(): Promise<void> } {
  const machine = machineProbe(config);
  const chosen = Object.entries(config.inboxes).filter(([id]) => ids.includes(id));
  const opened = new Map(
    chosen.map(([id, inbox]) => [id, inboxTools(inbox, config.secret, machine.token(id))]),
  );
  const toolsOf = (id: InboxId): InboxTools => {
    const found = opened.get(id);
    if (found === undefined) throw new Error(`inbox ${id} is not looked at`);
    return found;
  };
  const tools: Tools = {
    inboxes: chosen.map(([id, { address, name, folders, imap, smtp }]) => ({
      ...{ id, address, name, imap, plan: { inbox: folders.inbox, sent: folders.sent } },
      smtp: { ...smtp, user: smtp.user },
    })),
    members: Object.entries(config.members).map(([id, { name }]) => ({ id, name })),
    names: dnsNameServer(),
    certificates: certificateProbe(),
    machine,
    mailboxOf: (id) => toolsOf(id).probe,
    tripOf: toolsOf,
    send: send ? ROUND_TRIP_WAIT : null,
    signal: AbortSignal.timeout(TOTAL_MS),
  };
  const close = async () => {
    await Promise.all([machine.close(), ...[...opened.values()].map(({ sender }) => sender.close())]);
  };
  return { tools, close };
}

const TOTAL_MS = 120_000;
