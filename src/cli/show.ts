/** `baton show`: one request with its whole story. */
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { postgresBoard } from '../adapters/db/board.ts';
import { postgresLedgerList } from '../adapters/db/ledger-list.ts';
import { parseInProcess } from '../adapters/mime/parse-mail.ts';
import { doubtedWords } from '../app/doubted-words.ts';
import type { Board, MailIn, MailOut } from '../app/ports/board.ts';
import type { ConversationId } from '../domain/ids.ts';
import { configOption } from './config-option.ts';
import { numberTyped } from './named.ts';
import { answer, answerJson, type Reading, type ReadingOptions, reading } from './reading.ts';
import { requestOrEnd } from './request-argument.ts';
import { inWords, type Story, toJson } from './show-words.ts';
import { colourOption } from './terminal.ts';

type Options = ReadingOptions & { readonly mails?: boolean };

const HELP = `
What others wrote is shown as safe text: nothing in it can steer a terminal.

Examples:
  npx baton show 1042
  npx baton show 1042 --mails | less
  npx baton show 1042 --json | jq '.ledger'`;

export function addShow(program: Command): void {
  program
    .command('show')
    .description('tell the whole story of a request: who answered for it when and why, and what was said')
    .addArgument(
      new Argument('<number>', 'the number of the request, such as 1042').argParser((typed) => {
        const id = numberTyped(typed);
        if (id === null) throw new InvalidArgumentError('Give the number of a request, such as 1042.');
        return id;
      }),
    )
    .addOption(configOption())
    .option('--mails', 'with the text of its mails')
    .option('--json', 'answer as JSON; with --mails, their texts too')
    .addOption(colourOption())
    .addHelpText('after', HELP)
    .action((id: ConversationId, options: Options) =>
      reading('show', options, (here) => run(here, id, options)),
    );
}

async function run(here: Reading, id: ConversationId, { mails = false, json }: Options): Promise<void> {
  const board = postgresBoard(here.pool);
  const request = await requestOrEnd(board, postgresLedgerList({ pool: here.pool }), id);
  const came = await board.mailsIn(id);
  const story: Story = { request, came, mails: await mailsOf(board, id, came, mails) };
  if (json) answerJson(toJson(story, here));
  else answer(inWords(story, here, mails));
}

/** In and out, in the order in which they happened; what goes out is read again from its own bytes. */
async function mailsOf(
  board: Board,
  id: ConversationId,
  mailsIn: readonly MailIn[],
  withText: boolean,
): Promise<Story['mails']> {
  const textOf = async ({ raw }: MailOut): Promise<string> =>
    withText && raw.length > 0 ? (await parseInProcess(raw)).text : '';
  const came = mailsIn.map((mail) => {
    const { id: messageId, at, from, text, files, disposition, member, subject } = mail;
    const doubted = doubtedWords(mail);
    return {
      ...{ id: messageId, at, direction: 'in' as const, address: from, member, about: disposition, subject },
      ...{ text: withText ? text : '', files: files.map(({ name }) => name) },
      ...(doubted === null ? {} : { doubted }),
    };
  });
  const went = await Promise.all(
    (await board.mailsOut(id)).map(async (mail) => ({
      ...{ id: mail.id, at: mail.at, direction: 'out' as const },
      address: { name: '', address: mail.recipient },
      ...{ member: mail.member, about: mail.kind, subject: '', text: await textOf(mail), files: [] },
    })),
  );
  const held = (await board.mailsHeldBack(id)).map(({ recipient, brake, kind, ...mail }) => ({
    ...{
      id: mail.id,
      at: mail.at,
      direction: 'held-back' as const,
      address: { name: '', address: recipient },
    },
    ...{ member: null, about: kind, subject: '', text: '', files: [], brake },
  }));
  return [...came, ...went, ...held].sort((a, b) => a.at - b.at);
}
