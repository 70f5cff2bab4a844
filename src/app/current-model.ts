/**
 * The model in use, as a process holds it. It is looked for every few seconds with one small query; a new version is read
 * whole before it takes the place of the old one, so that each mail meets one or the other. What cannot be read is told
 * once and not used: mail flows on, to the front desk.
 */
import type { InboxId } from '../domain/ids.ts';
import { categoriesOf } from '../domain/learning/categories.ts';
import { isLowered, type Lowered } from '../domain/learning/drift.ts';
import type { Content } from '../domain/learning/example.ts';
import { aboutModel, type Model, modelFromBytes, predict } from '../domain/learning/model.ts';
import type { Policy } from '../domain/policy.ts';
import type { Deps } from './deps.ts';
import type { CurrentModel } from './ports/model.ts';
import type { Models } from './ports/models.ts';

export type CurrentModelDeps = Pick<Deps, 'policy' | 'log'> & {
  readonly models: Pick<Models, 'inUse' | 'bytesOf'>;
};

export type HeldModel = CurrentModel & {
  /** Looks which is in use, and takes it up. Throws Failure when the database does not answer. */
  refresh(): Promise<void>;
};

export function heldModel({ models, policy, log }: CurrentModelDeps): HeldModel {
  let known: { readonly version: number; readonly model: Model | null } | null = null;
  let lowered: Lowered | null = null;
  return {
    async refresh() {
      const found = await models.inUse();
      lowered = found?.lowered ?? null;
      if (found === null) known = null;
      else if (known?.version !== found.version) {
        const bytes = await models.bytesOf(found.version);
        // Another took its place between the two looks; the next look finds that one.
        if (bytes === null) return;
        const model = readModel(bytes);
        if (model === null) log.error({ step: 'learn', version: found.version }, UNREADABLE);
        known = { version: found.version, model };
      }
    },
    propose(inboxId, content) {
      if (known === null || known.model === null) return null;
      return proposalOf(
        known.model,
        known.version,
        { policy: policy(), inboxId, content, lowered },
        (error) =>
          log.error({ step: 'learn', error: error instanceof Error ? error.name : 'unknown' }, UNUSABLE),
      );
    },
  };
}

const UNREADABLE =
  'the model in use cannot be read, and none is used; "baton model use" goes back to another';
const UNUSABLE = 'the model in use failed on a mail, which goes on without it';

function readModel(bytes: Uint8Array): Model | null {
  try {
    return modelFromBytes(bytes);
  } catch {
    return null;
  }
}

type Asked = {
  readonly policy: Policy;
  readonly inboxId: InboxId;
  readonly content: Content;
  readonly lowered: Lowered | null;
};

function proposalOf(
  model: Model,
  version: number,
  { policy, inboxId, content, lowered }: Asked,
  failed: (error: unknown) => void,
): ReturnType<CurrentModel['propose']> {
  const known = new Set(categoriesOf(policy, inboxId).map(({ id }) => id));
  if (policy.learning.mode === 'off' || known.size === 0) return null;
  try {
    const said = predict(model, content);
    const guesses = said.guesses.filter(({ category }) => known.has(category));
    const first = said.guesses[0]?.category;
    // What it was sure of is no category here: how sure it is of the next was never measured.
    const stands = first !== undefined && guesses[0]?.category === first;
    const isAllowed = aboutModel(model).wrongAtMost <= policy.learning.wrongAtMost;
    const sure = said.sure && stands && isAllowed && !isLowered(lowered, first);
    return { model: version, guesses, sure, because: stands ? said.because : [] };
  } catch (error) {
    failed(error);
    return null;
  }
}
