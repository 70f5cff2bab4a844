/** The classifier: reads stored mail and decides what each one is. */
import { classifyMessages } from '../src/app/classify-message.ts';
import { followModel } from '../src/runtime/learning.ts';
import type { Services } from '../src/runtime/services.ts';
import { listen } from './listen.ts';

export async function startClassifier(services: Services, signal: AbortSignal) {
  await followModel(services.model, services.deps.log, signal);
  return listen(services, 'classify', signal, (ids) => classifyMessages(services.deps, ids));
}
