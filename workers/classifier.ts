/** The classifier: reads stored mail and decides what each one is. */
import { classifyMessages } from '../src/app/classify-message.ts';
import type { Services } from '../src/runtime/services.ts';

export async function startClassifier({ deps }: Services): Promise<void> {
  await deps.queue.listen('classify', (ids) => classifyMessages(deps, ids));
}
