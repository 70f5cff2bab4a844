/**
 * `baton connect`: somebody signs in at the provider of an inbox, once, and Baton keeps what comes of it. Then it is tried:
 * the mailbox is opened and the sending server is logged in to.
 */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { createPool } from '../adapters/db/pool.ts';
import { type Prompt, signIn } from '../adapters/oauth/sign-in.ts';
import { keepSignIn } from '../app/access-tokens.ts';
import { Failure } from '../app/failures.ts';
import type { Config } from '../config/schema.ts';
import type { InboxId } from '../domain/ids.ts';
import { needsPerson, type OauthClient } from '../domain/oauth-client.ts';
import { borrowOrMakeDatabase } from '../runtime/database.ts';
import { inboxesWithTokens, type MailLogin, mailLogin } from '../runtime/mail-login.ts';
import { configOption, loadForReading, WITHHELD } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { safeLine } from './safe-text.ts';

/** Microsoft's codes are good for a quarter of an hour. */
const SIGN_IN_MS = 900_000;
const TRY_MS = 30_000;

const HELP = `
Needed where an inbox says "oauth:" in place of a password, and again when its provider has taken the sign-in back.
Baton may run meanwhile: it goes on by itself as soon as somebody has signed in.

With Google a browser comes back to this machine. From a browser elsewhere, copy the address that it ends at, which it
cannot open, and paste it here. With Microsoft a code is typed on any device.

Examples:
  npx baton connect office --config baton.yaml              the inbox by its id
  npx baton connect office@elm.example                      or by its address`;

export function addConnect(program: Command): void {
  program
    .command('connect')
    .description('sign in at the provider of an inbox that is logged in to without a password')
    .argument('<inbox>', 'its id or its address')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(run);
}

async function run(named: string, options: { readonly config: string }): Promise<void> {
  const { config } = loadForReading(options.config, ['database.url', 'secret']);
  const { id, client } = clientOf(config, named);
  const database = await borrowOrMakeDatabase(config);
  const pool = createPool(database.url, { max: 2, applicationName: 'baton-connect' });
  try {
    const login = mailLogin(pool, () => config);
    if (needsPerson(client)) await signInFor(config, id, client, login);
    else await login.tokens.of(id);
    await tryBoth(config, id, login);
  } finally {
    await pool.end();
    await database.stop();
  }
}

function clientOf(config: Config, named: string): { readonly id: InboxId; readonly client: OauthClient } {
  const wanted = named.trim().toLowerCase();
  const found = Object.entries(config.inboxes).find(
    ([id, { address }]) => id === wanted || address.toLowerCase() === wanted,
  );
  const able = inboxesWithTokens(config);
  const known =
    able.length === 0 ? 'No inbox of this configuration has "oauth".' : `It can be: ${able.join(', ')}.`;
  if (found === undefined)
    throw new Finding(`There is no inbox ${safeLine(named)}. ${known}`, ExitCode.usage);
  const [id, { imap, smtp }] = found;
  const client = config.oauth[imap.oauth ?? smtp.oauth ?? ''];
  if (client === undefined)
    throw new Finding(`The inbox ${id} logs in with its password; there is nothing to connect. ${known}`);
  if (Object.values(client).some((value) => value?.includes(WITHHELD)))
    throw new Finding(`The client that ${id} logs in with is not set in this environment.`, ExitCode.config);
  return { id, client };
}

async function signInFor(config: Config, id: InboxId, client: OauthClient, login: MailLogin): Promise<void> {
  const account = config.inboxes[id]?.imap.user ?? '';
  const lines = createInterface({ input: process.stdin });
  // Whatever else is typed meanwhile, such as an empty line, ends nothing.
  const brought = new Promise<string>((resolve) =>
    lines.on('line', (line) => {
      if (URL.canParse(line.trim())) resolve(line);
      else if (line.trim() !== '') process.stdout.write('That is no address. It begins with http:\n');
    }),
  );
  try {
    const granted = await signIn({
      ...{ client, account, brought },
      tell: (prompt) => process.stdout.write(promptWords(prompt, account)),
      signal: AbortSignal.timeout(SIGN_IN_MS),
    });
    await keepSignIn(login.deps, id, granted);
    process.stdout.write('\nSigned in.\n');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Finding(`Nobody was signed in: ${safeLine(error.message)}.`);
  } finally {
    lines.close();
  }
}

function promptWords({ url, code }: Prompt, account: string): string {
  if (code === null)
    return `Open this address in a browser and sign in as ${account}:\n\n${url}\n\nWaiting. If the browser ends at an address that it cannot open, paste that here.\n`;
  return `Open ${safeLine(url)} on any device, type the code ${safeLine(code)} and sign in as somebody who may read and send for ${account}.\n\nWaiting.\n`;
}

/** What a sign-in is worth shows only at the mail servers. */
async function tryBoth(config: Config, id: InboxId, login: MailLogin): Promise<void> {
  const { address, imap, smtp, folders } = config.inboxes[id] ?? {};
  const failed: string[] = [];
  const signal = AbortSignal.timeout(TRY_MS);
  if (imap?.oauth !== undefined) {
    try {
      const session = await login.reader(id).open(folders?.inbox ?? 'INBOX', signal);
      await session.close();
      process.stdout.write(`${address}: the mailbox can be read.\n`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed.push(error.message);
    }
  }
  if (smtp?.oauth !== undefined) {
    const sender = login.sender(id);
    const trouble = await sender.check();
    await sender.close();
    if (trouble === null) process.stdout.write(`${address}: mail can be sent.\n`);
    else
      failed.push(`The sending server does not let ${smtp.user} in (${trouble.code}): ${trouble.response}`);
  }
  if (failed.length > 0) throw new Finding(failed.map(safeLine).join('\n'));
}
