/** The classifier: reads stored mail and decides what each one is. */
import { classifyMessages } from '../src/app/classify-message.ts';
import type { Services } from '../src/runtime/services.ts';
import { listen } from './listen.ts';

export const startClassifier = (services: Services, signal: AbortSignal) =>
  listen(services, 'classify', signal, (ids) => classifyMessages(services.deps, ids));
