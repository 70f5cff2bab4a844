/** `baton init`: asks what a first configuration needs, tries the answers at once, and writes it. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { dnsNameServer } from '../adapters/dns/name-server.ts';
import { readHeaderBlock } from '../adapters/mime/header-fields.ts';
import { Failure } from '../app/failures.ts';
import { asked } from '../app/first-hour/asker.ts';
import { type InterviewDeps, interview } from '../app/first-hour/interview.ts';
import type { MailDeps } from '../app/first-hour/try-mailbox.ts';
import type { SenderCheck } from '../app/ports/sender-check.ts';
import { readText } from '../config/read-text.ts';
import { readYes } from '../domain/first-hour/answers.ts';
import { configurationText } from '../domain/first-hour/configuration-text.ts';
import type { Plan } from '../domain/first-hour/plan.ts';
import { inboxTools } from '../runtime/inbox-tools.ts';
import { configOption } from './config-option.ts';
import { checkLines } from './doctor-words.ts';
import { ExitCode, Finding } from './exit.ts';
import { terminalAsker } from './terminal-asker.ts';
import { envPathOf, knownSecrets, writeSetup } from './write-setup.ts';

type Options = {
  readonly config: string;
  readonly force?: boolean;
  readonly answers?: string;
  readonly mail: boolean;
};

export function addInit(program: Command): void {
  program
    .command('init')
    .description('ask what a first configuration needs, try the answers at once, and write it')
    .addOption(configOption())
    .option('--force', 'write over a configuration that is there')
    .option('--answers <file>', 'take the answers from a file, one a line, instead of asking')
    .option('--no-mail', 'try nothing: ask no name server and no mail server, send nothing')
    .addHelpText(
      'after',
      '\nPasswords go into the file .env beside the configuration, which only its owner may read. Nothing is written' +
        '\nbefore the last question, and nothing in the mailbox is changed.\n\nExamples:\n  npx baton init\n' +
        '  npx baton init --config office.yaml\n  npx baton init --no-mail --answers answers.txt',
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { config: path, force = false } = options;
  if (existsSync(path) && !force)
    throw new Finding(
      `${path} is there already, and is left as it is. Give another file with --config, or --force to write over it.`,
      ExitCode.usage,
    );
  const known = knownSecrets(path);
  // Kept where there is one: with a new one, answers to mails that are out would not be understood.
  const secret = known.BATON_SECRET ?? randomBytes(32).toString('hex');
  const asker = terminalAsker(options.answers === undefined ? null : answersIn(options.answers));
  try {
    const { plan, password, smtpPassword, clientSecret } = await interview({
      asker,
      ...toolsFor(secret),
      mail: options.mail,
    });
    asker.show('');
    if (!(await asked(asker, `Write ${path} and ${envPathOf(path)}`, readYes, 'yes')))
      throw new Finding('Nothing was written.');
    const { variables } = plan;
    const secrets = {
      [variables.secret]: secret,
      ...(plan.inbox.signIn === null && { [variables.password]: password }),
      ...(plan.inbox.signIn?.secretVariable != null && { [plan.inbox.signIn.secretVariable]: clientSecret }),
      ...(variables.smtpPassword !== variables.password && { [variables.smtpPassword]: smtpPassword }),
    };
    writeSetup({ path, text: configurationText(plan), secrets });
    for (const line of nextSteps(path, plan)) asker.show(line);
  } catch (error) {
    throw error instanceof Failure && error.code === 'no-more-answers'
      ? new Finding(error.message.trim())
      : error;
  } finally {
    asker.close();
  }
}

function answersIn(file: string): string[] {
  const read = readText(file, 65_536);
  if (!read.ok) throw new Finding(`The file of answers ${file} ${read.why}.`, ExitCode.usage);
  return read.text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function toolsFor(secret: string): Omit<InterviewDeps, 'asker' | 'mail'> {
  const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  const toolsOf: MailDeps['toolsOf'] = ({ imap, smtp }, { password, smtpPassword }) =>
    inboxTools({ imap: { ...imap, password }, smtp: { ...smtp, password: smtpPassword } }, secret);
  return {
    names: dnsNameServer(),
    senderCheck: lazySenderCheck,
    readHeader: (raw) => {
      const { fields, warnings } = readHeaderBlock(Buffer.from(raw));
      return { headers: fields, warnings };
    },
    toolsOf,
    checkLines: (check) => checkLines(check, colour),
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** Takes a while to load, and most runs never need it. */
const lazySenderCheck: SenderCheck = {
  async check(raw, question) {
    const { mailauthCheck } = await import('../adapters/auth/mailauth-check.ts');
    return mailauthCheck().check(raw, question);
  },
};

function nextSteps(path: string, { inbox }: Plan): string[] {
  const config = path === 'baton.yaml' ? '' : ` --config ${path}`;
  const steps: readonly (readonly [string, string])[] = [
    ...(inbox.signIn === null
      ? []
      : [[`connect ${inbox.id}`, 'somebody signs in at the provider, once'] as const]),
    ['doctor --send', 'everything that Baton rests on, and a mail there and back'],
    ['lookback', 'who waits for an answer today; mails nobody and changes nothing'],
    ['start all --shadow', 'runs along for a day or two; the manager alone gets mail'],
    ['welcome', 'asks each member for one word, which proves that they can answer'],
    ['start all', 'from now on every mail has somebody who answers for it'],
  ];
  return [
    `Written: ${path}, and beside it .env with the secrets (readable by you alone).`,
    '',
    'What to do next, in this order:',
    ...steps.flatMap(([command, what]) => [`  npx baton ${command}${config}`, `      ${what}`]),
  ];
}
