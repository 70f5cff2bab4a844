/**
 * Doorbells. A bell says "look at these rows" and carries ids only; it may be lost, repeated or late, and
 * nothing but delay may come of that. The sweep rings again for whatever was not looked at, and workers look at it
 * by themselves when that does not help either.
 */

export const Bells = ['classify', 'route', 'reply', 'deliver'] as const;
export type Bell = (typeof Bells)[number];

export interface Queue {
  /** Never throws and never waits for longer than a second: a bell that cannot be rung is left to the sweep. */
  ring(bell: Bell, ids: readonly number[]): Promise<void>;
  /** Calls `look` for each bell; an error thrown by it makes the bell ring again later, with backoff. */
  listen(bell: Bell, look: (ids: readonly number[]) => Promise<void>): Promise<void>;
  /** Whether no bell can be rung or heard just now, as far as a second's question tells; never throws. */
  isAway(): Promise<boolean>;
  /** Stops listening, waits for running calls, closes. */
  close(): Promise<void>;
}

/** For what runs beside the workers: what it leaves behind is found without bells. */
export const NoBells: Queue = {
  ring: async () => {},
  listen: async () => {},
  isAway: async () => true,
  close: async () => {},
};
