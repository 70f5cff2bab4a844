/** A page of the book of clocks: those of one request, each by its place, of which every clock has one. */
import type { ConversationEvent } from '../../../../src/domain/conversation/events.ts';
import type { ClockName } from '../../../../src/domain/conversation/running-clocks.ts';
import type { MemberId } from '../../../../src/domain/ids.ts';
import type { Instant } from '../../../../src/domain/instant.ts';
import type { Fault } from './fault.ts';
import { STEP_MAX } from './known.ts';
import type { About, ClockRule } from './rules.ts';

export type Setting = {
  readonly clock: ClockName;
  readonly request: number;
  readonly seq: number;
  readonly setAt: Instant;
  readonly due: Instant;
  /** Whose hours it runs on; null: the inbox's, or none. */
  readonly person: MemberId | null;
  readonly inbox: string;
  readonly about: About;
  /** From when the time counts, where that is not when it was set. */
  readonly from: Instant | null;
  /** By which rules its time may have been found, where that is not the one of its name. */
  readonly rules: readonly ClockRule[] | null;
  readonly ended: { readonly at: Instant; readonly how: 'fired' | 'answered' } | null;
};

export type Place =
  | 'ask'
  | 'again'
  | 'last'
  | 'progress'
  | 'warning'
  | 'answer'
  | 'snooze'
  | 'due'
  | `help/${number}`;

export type Page = ReturnType<typeof newPage>;

export function newPage(request: number) {
  const settings: Setting[] = [];
  const running = new Map<Place, number>();
  const faults: Fault[] = [];
  const fault = (what: Fault['what'], { seq }: ConversationEvent, detail: string): void =>
    void faults.push({ what, where: `request ${request}, event ${seq}`, detail });

  function close(place: Place, at: Instant, how: 'fired' | 'answered'): Setting | null {
    const index = running.get(place);
    const setting = index === undefined ? undefined : settings[index];
    if (index === undefined || setting === undefined) return null;
    settings[index] = { ...setting, ended: { at, how } };
    running.delete(place);
    return setting;
  }

  return {
    set(
      place: Place,
      { seq, at }: ConversationEvent,
      setting: Pick<Setting, 'clock' | 'due' | 'person' | 'inbox' | 'about'> &
        Partial<Pick<Setting, 'from' | 'rules'>>,
    ): void {
      close(place, at, 'answered');
      running.set(place, settings.length);
      settings.push({ request, seq, setAt: at, from: null, rules: null, ended: null, ...setting });
    },
    answered(event: ConversationEvent, ...places: Place[]): void {
      for (const place of places) close(place, event.at, 'answered');
    },
    answeredAll(event: ConversationEvent): void {
      for (const place of [...running.keys()]) close(place, event.at, 'answered');
    },
    fired(event: ConversationEvent, place: Place): void {
      if (close(place, event.at, 'fired') === null)
        fault('fired-twice', event, `${event.type}: no such clock was running`);
    },
    /** What runs there; null: nothing. */
    at: (place: Place): Setting | null => settings[running.get(place) ?? -1] ?? null,
    isEmpty: (): boolean => running.size === 0,
    fault,
    book: () => ({ settings, faults }),
  };
}

/** Whether the next event, if any, is of another step. */
export const endsStep = (event: ConversationEvent, next: ConversationEvent | undefined): boolean =>
  next === undefined || next.at - event.at > STEP_MAX;
