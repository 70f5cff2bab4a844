/** What the training job does each night, on the store in memory: what was decided becomes examples, they make a model. */
import type { CurrentModel } from '../../../src/app/ports/model.ts';
import { boundsOf, type Choosable, chooseExamples } from '../../../src/domain/learning/choose-examples.ts';
import { configuredExamples } from '../../../src/domain/learning/configured-examples.ts';
import { outcomeOf } from '../../../src/domain/learning/decided.ts';
import { contentOf, type Example } from '../../../src/domain/learning/example.ts';
import { senderKnown } from '../../../src/domain/learning/learnable.ts';
import { type Model, predict, trainModel } from '../../../src/domain/learning/model.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { Office } from '../year/office.ts';

export type Learner = {
  learn(office: Office): void;
  readonly model: CurrentModel;
};

export function learner(seed: number): Learner {
  let version = 0;
  let model: Model | null = null;
  return {
    learn(office) {
      const policy = office.policy();
      const { wrongAtMost } = policy.learning;
      version += 1;
      model = trainModel([...decided(office, policy), ...configuredExamples(policy)], { seed, wrongAtMost });
    },
    model: {
      propose(_inbox, content) {
        return model === null ? null : { model: version, ...predict(model, content) };
      },
    },
  };
}

function decided({ store }: Office, policy: Policy): readonly Example[] {
  const contents = new Map<number, Example['content']>();
  const all = store.conversations().flatMap((state): readonly Choosable[] => {
    const events = store.events(state.id);
    const outcome = outcomeOf(events, policy);
    const known = senderKnown(events, 'person', policy);
    const { mail } = store.message(state.lastCustomerMessage);
    if (outcome.type !== 'decided' || known === null || mail === null) return [];
    contents.set(state.id, contentOf(mail));
    return [
      {
        id: state.id,
        conversationId: state.id,
        category: outcome.category,
        decidedAt: outcome.at,
        sender: mail.from[0]?.address ?? '',
        known,
        same: `${mail.subject}\n${mail.text}`,
      },
    ];
  });
  return chooseExamples(all, boundsOf(policy)).map(({ id, category }) => {
    const content = contents.get(id);
    if (content === undefined) throw new Error('bug: an example without its mail');
    return { content, category };
  });
}
