/** What the visitor did last and what came of it, and who wants to hear when there is more. */
import type { Deed, Happened } from '../../../adapters/web/playground/context.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Line } from '../narrator.ts';

export type Deeds = {
  readonly begin: (what: string, overTime: boolean, at: Instant) => void;
  readonly end: () => void;
  /** `mails` grows with each mail that reached somebody: that alone is a change, too. */
  readonly add: (lines: readonly Line[], mails: number) => void;
  readonly latest: () => Deed | null;
  readonly onChange: (listener: () => void) => () => void;
};

/** Of a long time, what happened last is what is looked for. */
const HAPPENED_MAX = 200;

export function keepDeeds(): Deeds {
  const listeners = new Set<() => void>();
  let deed: Deed | null = null;
  let count = 0;
  let mails = 0;
  const changed = (): void => {
    count += 1;
    if (deed !== null) deed = { ...deed, number: count };
    for (const listener of listeners) listener();
  };
  return {
    begin(what, overTime, at) {
      deed = { number: count, what, overTime, since: at, happened: [], isRunning: true };
      changed();
    },
    end() {
      if (deed !== null) deed = { ...deed, isRunning: false };
      changed();
    },
    add(lines, received) {
      if (lines.length === 0 && received === mails) return;
      mails = received;
      if (deed !== null) {
        deed = { ...deed, happened: [...deed.happened, ...lines.map(happened)].slice(-HAPPENED_MAX) };
      }
      changed();
    },
    latest: () => deed,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `#12 Leak: Priya is asked`, as it is told on a terminal. */
function happened({ at, text }: Line): Happened {
  const [, number, words] = /^#(\d{1,9}) (.*)$/s.exec(text) ?? [];
  return number === undefined
    ? { at, text, request: null }
    : { at, text: words ?? '', request: Number(number) };
}
