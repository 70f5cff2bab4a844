/** What the training job does each night, on the store in memory: what was decided becomes examples, they make a model. */
import type { CurrentModel } from '../../../src/app/ports/model.ts';
import type { Office } from '../year/office.ts';

export type Learner = {
  learn(office: Office): void;
  readonly model: CurrentModel;
};

export function learner(_seed: number): Learner {
  return { learn() {}, model: { propose: () => null } };
}
