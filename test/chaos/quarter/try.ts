import { fromIso } from '../../../src/domain/instant.ts';
import { liveQuarter } from './live.ts';

const t = performance.now();
for (const way of ['rules only'] as const)
  console.log(
    way,
    await liveQuarter({ seed: 1, start: fromIso('2026-01-05T07:00:00Z'), weeks: 2, perDay: 20 }, way),
  );
console.log(performance.now() - t);
