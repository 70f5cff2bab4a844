/** `baton requests`: which there are, who answers for each, since when, and what is stuck. */
import { type Command, Option } from 'commander';
import { postgresRequests } from '../adapters/db/requests.ts';
import type { RequestQuestion } from '../app/ports/requests.ts';
import { configOption } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { limitOption } from './limit-option.ts';
import { memberNamed } from './member-option.ts';
import { categoryNamed, inboxNamed, teamNamed } from './named.ts';
import { answer, answerJson, type Reading, type ReadingOptions, reading } from './reading.ts';
import { inWords, toJson } from './requests-words.ts';
import { colourOption } from './terminal.ts';

const Shows = ['open', 'unowned', 'stuck', 'done', 'all'] as const;
const Orders = ['stuck', 'longest-silent', 'newest'] as const;

type Options = ReadingOptions & {
  readonly show?: RequestQuestion['show'];
  readonly order?: RequestQuestion['order'];
  readonly of?: string;
  readonly team?: string;
  readonly inbox?: string;
  readonly category?: string;
  readonly words?: string;
  readonly after?: string;
  readonly limit: number;
};

const HELP = `
"stuck" is what needs a decision, as the daily digest has it; "unowned" what nobody has said yet is theirs. Words are
looked for in the subject and in the customer's name and address, each whole or as a beginning, in all requests unless
--show says otherwise.

Examples:
  npx baton requests                                what is open, the worst first
  npx baton requests --show stuck --team plumbing   what of a team needs a decision
  npx baton requests --of Priya                     what Priya answers for
  npx baton requests --words "boiler carla"         found by words
  npx baton requests --json | jq -r '.requests[] | select(.stuck) | .id'`;

export function addRequests(program: Command): void {
  program
    .command('requests')
    .description('list requests: who answers for each, since when, and what is stuck')
    .addOption(configOption())
    .addOption(new Option('--show <which>', 'which of them; default: open').choices(Shows))
    .addOption(
      new Option('--order <order>', 'what comes first; default: stuck, of done ones newest').choices(Orders),
    )
    .option('--of <member>', 'only what this teammate answers for, or owned when it ended')
    .option('--team <team>', 'only what somebody of this team does')
    .option('--inbox <inbox>', 'only of this inbox, by its id or address')
    .option('--category <category>', 'only of this category')
    .option('--words <words>', 'only with these words, or with this number')
    .option('--after <place>', 'go on where the last list ended ("next" in its JSON)')
    .addOption(limitOption('how many', 30))
    .option('--json', 'answer as JSON')
    .addOption(colourOption())
    .addHelpText('after', HELP)
    .action((options: Options) => reading('requests', options, (here) => run(here, options)));
}

async function run(here: Reading, options: Options): Promise<void> {
  const { pool, time, policy } = here;
  const question = questionOf(here, options);
  const requests = postgresRequests({ pool, time, policy: () => policy });
  const list = await requests.list(question);
  const counts = await requests.counts(null);
  if (options.json) answerJson(toJson(list, counts, here.now));
  else answer(inWords({ list, counts, question }, here));
}

function questionOf({ policy }: Reading, options: Options): RequestQuestion {
  const { of, team, inbox, category, words, after, limit } = options;
  if (of !== undefined && team !== undefined)
    throw new Finding('Give either --of or --team: a teammate, or all of a team.', ExitCode.usage);
  const show = options.show ?? (words === undefined ? 'open' : 'all');
  return {
    sight: null,
    show,
    order: options.order ?? (show === 'done' ? 'newest' : 'stuck'),
    limit,
    ...(of !== undefined && { of: [memberNamed(policy, of).id] }),
    ...(team !== undefined && { of: teamNamed(policy, team) }),
    ...(inbox !== undefined && { inbox: inboxNamed(policy, inbox) }),
    ...(category !== undefined && { category: categoryNamed(policy, category) }),
    ...(words !== undefined && { words }),
    ...(after !== undefined && { after }),
  };
}
