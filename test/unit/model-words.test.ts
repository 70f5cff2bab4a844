/** What `baton model` tells of versions, and of choices that are no longer made. */
import { expect, test } from 'vitest';
import type { ModelRow } from '../../src/app/ports/models.ts';
import { listInWords, reportInWords } from '../../src/cli/model-words.ts';
import { HOUR } from '../../src/domain/instant.ts';
import type { TrainingReport } from '../../src/domain/learning/training.ts';
import { MONDAY } from '../support/policy.ts';

const report: TrainingReport = {
  ...{ examples: 140, sources: { decided: 120, archive: 14, configuration: 6 }, none: 3 },
  perCategory: [
    { category: 'invoice', examples: 50 },
    { category: 'repair', examples: 87 },
  ],
  ...{ wrongAtMost: 0.05, answered: 0.62, wrong: 0.04, neverSure: null },
  comparison: {
    ...{ heldBack: 12, better: 2, worse: 1, categories: [] },
    now: { chosenRight: 7, guessedRight: 3, guessedWrong: 1, chosenWrong: 1 },
    before: { chosenRight: 6, guessedRight: 4, guessedWrong: 2, chosenWrong: 0 },
  },
};

const row = (version: number, changes: Partial<ModelRow> = {}): ModelRow => ({
  ...{ version, madeAt: MONDAY, seed: 1, size: 3 * 1_048_576, active: false, why: 'worse', report },
  ...changes,
});

const standing = {
  ...{
    trainAt: MONDAY + 24 * HOUR,
    running: false,
    outcome: 'not-worse',
    finishedAt: MONDAY,
    erasedAt: null,
  },
  ...{ judgedFrom: null, lowered: null },
};

test('versions stand in a table, with what each would choose, and why it is or is not used', () => {
  const versions = [
    row(4),
    row(3, { active: true, why: 'not-worse', report: { ...report, neverSure: 'too-few' } }),
  ];
  expect(listInWords({ versions, standing, examples: { decided: 120, archive: 14 } })).toBe(
    `Version  Made (UTC)                Examples  Sure of  Held back                  Size    Why
      4  2026-03-02 09:00               140  62 %     8 of 12 chosen, 1 wrongly  3.0 MB  worse than the one in use on decisions that neither had seen
      3  2026-03-02 09:00  in use       140  never    8 of 12 chosen, 1 wrongly  3.0 MB  no worse than the one before

Examples: 120 from what was decided, 14 from archives.
Last time, 2026-03-02 09:00 UTC: no worse than the one before.
Next time: 2026-03-03 09:00 UTC.
`,
  );
});

test('what it no longer chooses stands below, with the counts that say why and the way back', () => {
  const lowered = { since: MONDAY, categories: null, counts: { right: 30, wrong: 8 } };
  const said = listInWords({
    ...{ versions: [], examples: { decided: 0, archive: 0 } },
    standing: { ...standing, running: true, erasedAt: MONDAY, lowered },
  });
  expect(said).toContain('Nothing was learned yet.');
  expect(said).toContain('It is learning at the moment.');
  expect(said).toContain('Words were erased: it learns anew as soon as Baton runs.');
  expect(said).toContain(
    'NOT CHOOSING: It chooses nobody since 2026-03-02 09:00 UTC, because 8 of 38 of its choices',
  );
});

test('a training tells what it learned from, and how it does beside the one before on what neither has seen', () => {
  expect(reportInWords(report)).toBe(
    `Learned from 140 examples: 120 decided, 14 from archives, 6 from the configuration.
  invoice: 50
  repair: 87
  none of them: 3
It expects to be sure of 62 % of the mails, with at most 5 % of these wrong.
Of 12 decisions that it had not seen: 8 of 12 chosen, 1 wrongly.
The one before: 6 of 12 chosen, 0 wrongly. Better on 2, worse on 1.
`,
  );
  const first = { ...report, comparison: { ...report.comparison, heldBack: 0, before: null } };
  expect(reportInWords({ ...first, neverSure: 'too-few' })).toContain(
    'It is never sure: there are too few examples to show how often it would be wrong.',
  );
  expect(reportInWords(first)).not.toContain('had not seen');
});
