/** Whoever is asked and names somebody else says no and asks in one breath: one thing to whoever tells the story. */
import type { ConversationEvent } from './events.ts';

/** Whether `next` names who is asked instead of whoever says no by `event`. */
export const passesOn = (
  event: ConversationEvent | undefined,
  next: ConversationEvent | undefined,
): next is ConversationEvent & { type: 'offered' } =>
  event?.type === 'declined' && next?.type === 'offered' && next.by === event.by;
