/**
 * `baton model report`: what is learned well and what is not, by category, with examples of what is taken for what. Judged
 * by examples that are held back in turn when it is asked, so that no report keeps words that were erased since.
 */
import type { Command } from 'commander';
import { type Foreseen, foresee, knownExamples } from '../app/judge-examples.ts';
import { toPolicy } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { withoutWords } from '../domain/learning/report.ts';
import { amount, counted } from '../domain/learning/report-words.ts';
import type { Policy } from '../domain/policy.ts';
import type { LearningServices } from '../runtime/learning.ts';
import { reportLines } from './classify-report.ts';
import { WHY_NEVER } from './classify-words.ts';
import { configOption } from './config-option.ts';
import { Finding } from './exit.ts';
import { terminalLine } from './terminal-progress.ts';
import { wrapped } from './wrapped.ts';
import { writePage } from './write-page.ts';

type Options = { readonly config: string; readonly html?: string; readonly json?: boolean };

/** How a command of `baton model` is given what it works with, and how that is closed. */
type WithServices = (
  options: Options,
  work: (services: LearningServices, config: Config) => Promise<void>,
) => Promise<void>;

export function addModelReport(model: Command, withServices: WithServices): void {
  model
    .command('report')
    .description('what is learned well and what is not, judged by examples that are held back')
    .addOption(configOption())
    .option('--html <file>', 'also write it as a page for a browser, with plots; it quotes mails')
    .option('--json', 'answer as JSON, without the words of mails')
    .action((options: Options) =>
      withServices(options, (services, config) => report(services, toPolicy(config), options)),
    );
}

async function report(
  { learning }: LearningServices,
  policy: Policy,
  { html, json }: Options,
): Promise<void> {
  const examples = await knownExamples(learning, policy);
  const line = terminalLine();
  const foreseen = foresee(examples, policy, (done, of) =>
    line.say(`Learning, and judging by what was held back: ${done} of ${of}`),
  );
  line.end();
  if (foreseen === null) {
    const few =
      examples.length === 0 ? 'There are no examples' : `${counted(examples.length, 'example')} are few`;
    throw new Finding(`${few}, so that nothing can be held back to judge by.`);
  }
  const about = `Learned from ${counted(examples.length, 'example')}, and judged by ${amount(foreseen.report.inScope.of)} of them that were held back, all of one sender together.`;
  if (html !== undefined) {
    const names = (id: string) => policy.categories.get(id)?.name ?? id;
    const { wrongAtMost } = policy.learning;
    writePage(html, {
      title: 'What was learned',
      about: [about],
      report: foreseen.report,
      names,
      wrongAtMost,
    });
  }
  process.stdout.write(
    json
      ? `${JSON.stringify({ examples: examples.length, neverSure: foreseen.neverSure, ...withoutWords(foreseen.report) })}\n`
      : `${inWords(foreseen, about, policy).join('\n')}\n`,
  );
}

const inWords = ({ report: found, neverSure }: Foreseen, about: string, policy: Policy): string[] => [
  ...wrapped(about),
  ...reportLines(found, (id) => policy.categories.get(id)?.name ?? id, policy.learning.wrongAtMost),
  ...(neverSure === null ? [] : ['', ...wrapped(`It is sure of nothing yet: ${WHY_NEVER[neverSure]}.`)]),
];
