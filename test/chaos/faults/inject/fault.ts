/** What every fault is given, and what it answers. */
import type { Human } from '../../../support/stack/human.ts';
import type { Crew } from '../crew.ts';
import type { Maildrop } from '../maildrop.ts';
import type { Manifest } from '../manifest.ts';
import type { Setting } from '../setting.ts';

export type Ground = {
  readonly setting: Setting;
  readonly crew: Crew;
  readonly manifest: Manifest;
  readonly drop: Maildrop;
  /** Somebody with a mail program in the same mailbox. */
  readonly person: Human;
};

/** Mends what was broken. */
export type Mend = () => void | Promise<void>;

/** `choice`: from 0 to just below 1, for what a fault leaves open. Answers once it has begun. */
export type Fault = (ground: Ground, choice: number) => Mend | Promise<Mend>;

export const nothingToMend: Mend = () => {};

export function chosen<Thing>(things: readonly Thing[], choice: number): Thing {
  const thing = things[Math.floor(choice * things.length)];
  if (thing === undefined) throw new Error('bug: a choice of nothing');
  return thing;
}
