/** The earlier request that this one names: what it was, and what has to be known of it. */
import type { Conversation } from '../conversation/state.ts';
import type { MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { FollowsWhy } from '../matter.ts';
import { own, type Span, say } from './doc.ts';
import { at, customerOf, nameOrYou, requestOf, type Scene } from './scene.ts';
import type { FollowedView } from './view.ts';

/** What is told of it, of its state and the last time that somebody finished it. */
export function followedView(
  { id, phase, accountable }: Conversation,
  why: FollowsWhy,
  ended: { readonly at: Instant | null; readonly by: MemberId | null },
): FollowedView {
  const { at: when, by } = ended;
  const done = phase === 'done' && when !== null && by !== null ? { at: when, by } : null;
  return { id, why, done, owner: accountable };
}

/** null: it names none. */
export function followed(scene: Scene): readonly Span[] | null {
  const { follows } = requestOf(scene);
  if (follows === null) return null;
  const earlier = own(`#${follows.id}`);
  switch (follows.why) {
    case 'long-done':
      return say`Follows ${earlier}${standing(scene, follows)}.`;
    case 'other-subject':
      return say`Follows ${earlier}${standing(scene, follows)}: ${customerOf(scene)} answered it under another subject.`;
    case 'answers-done':
      return say`Answers ${earlier}${standing(scene, follows)}, which is somebody else's.`;
    case 'same-id':
      return say`A different mail with the same Message-ID is in ${earlier}: one of the two may be forged.`;
    case 'answered-there':
      return say`Somebody else's answer to it is in ${earlier}.`;
    default:
      return follows.why satisfies never;
  }
}

function standing(scene: Scene, { done, owner }: FollowedView): readonly Span[] {
  if (done !== null) return say`, finished ${at(scene, done.at)} by ${nameOrYou(scene, done.by)}`;
  return owner === null ? say`, which is still open` : say`, which ${nameOrYou(scene, owner)} answers for`;
}
