/** The samples of every kind of notice with any words in the mouths of those who write. */
import type { NoticeKind } from '../../src/domain/notices/notice.ts';
import {
  findSample,
  Kinds,
  sampleName,
  samplesOf,
  viewOfSample,
} from '../../src/domain/notices/samples/kinds.ts';
import { Calm, type Spoken } from '../../src/domain/notices/samples/request.ts';
import type { NoticeView } from '../../src/domain/notices/view.ts';

const all = Kinds.flatMap((kind) => samplesOf(kind).samples);

/** The one that stands for its kind. */
export function sample(kind: NoticeKind, spoken: Spoken = Calm): NoticeView {
  const found = findSample(kind, null);
  if (found === null) throw new Error(`there is no sample of ${kind}`);
  return viewOfSample(found, { spoken });
}

/** One of those below; most of the time of making all of them would be for nothing. */
export function viewNamed(name: string, spoken: Spoken = Calm): NoticeView {
  const found = all.find((one) => sampleName(one) === name);
  if (found === undefined) throw new Error(`there is no sample called ${name}`);
  return viewOfSample(found, { spoken });
}

/** Every kind, every command carried out and refused, and the shapes that read differently. */
export function everyView(spoken: Spoken = Calm): ReadonlyMap<string, NoticeView> {
  return new Map(all.map((one) => [sampleName(one), viewOfSample(one, { spoken })]));
}
