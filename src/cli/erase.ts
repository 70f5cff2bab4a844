/** `baton erase`: takes everything that a person wrote, and everything about them, out of the database. */
import type { Command } from 'commander';
import { postgresErasure } from '../adapters/db/erasure.ts';
import { createPool } from '../adapters/db/pool.ts';
import { type EraseOutcome, erasePerson, type Obstacles } from '../app/erase-person.ts';
import type { MailPlace } from '../app/ports/erasure.ts';
import type { Config } from '../config/schema.ts';
import { asciiLower, sameAddress } from '../domain/address.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { configOption, loadForReading } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { isTyped } from './is-typed.ts';

type Options = {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly evenOpen?: boolean;
};

/** A large database has statements that take their time, and nobody else waits for this command. */
const STATEMENT_MS = 3_600_000;

export function addErase(program: Command): void {
  program
    .command('erase')
    .argument('<address>', 'the address of the person')
    .description('erase everything from and about a person; who answered for what stays told')
    .addOption(configOption())
    .option('--dry-run', 'only tell what would be erased')
    .option('--yes', 'do not ask')
    .option('--even-open', 'also erase requests that are not done: they stay open, with nobody to answer')
    .addHelpText(
      'after',
      '\nBaton may run meanwhile. It does not delete mail from the mailbox, and tells which mails lie there. Backups' +
        ' still hold\nthe person: after restoring one, erase them again. Not found are people in pictures, in PDF, Office' +
        ' and zip files, and\nunder other addresses or names. What was learned from their mails is learned anew without' +
        ' them within a few\nminutes, or once Baton runs: until then the model in use has weights of their words.\n\nExample:\n  npx baton erase maria@example.com --dry-run',
    )
    .action(run);
}

async function run(given: string, options: Options): Promise<void> {
  const { config } = loadForReading(options.config);
  const address = asciiLower(given.trim());
  refuseOurs(address, config);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, {
    max: 2,
    applicationName: 'baton-erase',
    statementTimeoutMs: STATEMENT_MS,
    idleInTransactionTimeoutMs: STATEMENT_MS,
  });
  try {
    const erasure = postgresErasure({ pool, time: 'database' });
    const asked = { erasure, address, evenOpen: options.evenOpen === true };
    if (options.dryRun !== true && options.yes !== true) {
      const outcome = await erasePerson({ ...asked, dryRun: true });
      tell(outcome, address, options);
      if (outcome.type !== 'would-erase' || !(await isConfirmed())) return;
    }
    tell(await erasePerson({ ...asked, dryRun: options.dryRun === true }), address, options);
  } finally {
    await pool.end();
    await database.stop();
  }
}

function refuseOurs(address: string, config: Config): void {
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) throw new Finding(`${address} is no mail address.`, ExitCode.usage);
  const member = Object.entries(config.members).find(([, { addresses }]) =>
    addresses.some((one) => sameAddress(one, address)),
  );
  if (member !== undefined) {
    throw new Finding(
      `${address} is ${member[1].name}, a teammate. Take them out of the configuration instead: the ledger tells by ` +
        'their id who answered for what. Once their address is nobody’s, it can be erased.',
    );
  }
  if (Object.values(config.inboxes).some((inbox) => sameAddress(inbox.address, address))) {
    throw new Finding(`${address} is an inbox of yours, in nearly every mail.`);
  }
}

async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Finding('Nothing was erased: say --yes where nobody can be asked.');
  if (await isTyped('erase', 'This cannot be undone. Erase it? Type "erase": ')) return true;
  process.stderr.write('Nothing was erased.\n');
  return false;
}

function tell(outcome: EraseOutcome, address: string, options: Options): void {
  if (outcome.type === 'in-the-way')
    throw new Finding(inTheWay(outcome.obstacles, options.evenOpen === true));
  if (outcome.type === 'unsettled') {
    throw new Finding(
      'Requests of this person keep changing. Part of it may be erased; run the command again.',
    );
  }
  if (outcome.type === 'incomplete') {
    throw new Finding(
      `Everything that is known to hold words is cleared, and still ${address} is in ${outcome.tables.join(', ')}. ` +
        'This is a defect in Baton.',
    );
  }
  process.stdout.write(inWords(outcome, address));
}

export function inWords(
  outcome: Exclude<EraseOutcome, { type: 'in-the-way' | 'unsettled' | 'incomplete' }>,
  address: string,
): string {
  if (outcome.type === 'nothing') return `Nothing here is from ${address} or about them.\n`;
  const { requests, contacts, messages, redacted, texts, notices, examples } = outcome.counts;
  return [
    outcome.type === 'erased' ? 'Erased:' : 'This would be erased:',
    `  ${counted(requests, 'request')} with all that was said in them`,
    `  ${counted(messages, 'mail')} whole`,
    `  the address, with the bytes and files, of ${counted(redacted, 'mail')} that others wrote`,
    `  the bytes of ${counted(notices, 'mail')} that Baton sent`,
    `  ${counted(texts, 'text')} of teammates, or the address in them`,
    `  ${counted(contacts, 'entry', 'entries')} of somebody who helps or is in copy`,
    `  ${counted(examples, 'example')} from an archive`,
    ...leftOver(outcome.places),
    '',
  ].join('\n');
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** What is not ours to delete. */
function leftOver(places: readonly MailPlace[]): string[] {
  if (places.length === 0) return [];
  return [
    'These mails lie in your mailboxes, where Baton deletes nothing. Delete them there (numbers are IMAP UIDs):',
    ...places.map(({ inboxId, folder, uids }) => `  ${inboxId}/${folder}: ${uids.join(', ')}`),
  ];
}

export function inTheWay({ open, undecided, unsent }: Obstacles, evenOpen: boolean): string {
  const numbers = (ids: readonly number[]) => ids.map((id) => `#${id}`).join(', ');
  return [
    'Nothing was erased.',
    ...(open.length > 0 && !evenOpen
      ? [
          `Not done yet: ${numbers(open)}. Whoever has them finishes them first, since nobody can answer a person who was ` +
            'erased. Or say --even-open.',
        ]
      : []),
    ...(unsent.length > 0 && !evenOpen
      ? [`${unsent.length} mails about their requests are still to be sent. Try again when they are.`]
      : []),
    ...(undecided.length > 0
      ? [
          `Mails that nobody has read or decided on yet: ${undecided.join(', ')}. They are being read, or set aside for a ` +
            'look: then dismiss them first, or make requests of them.',
        ]
      : []),
  ].join('\n');
}
