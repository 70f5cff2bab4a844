/** A point in time as somebody words it: read without knowing the time or the zone, resolved with both. */

/** Wall-clock fields that were said; what was not said is undefined. `2pm` has an hour only. */
export type When =
  /** `tomorrow`, `next Tuesday 3pm`, `March 4`: a local date and perhaps a time of day. */
  | {
      readonly type: 'date';
      readonly day:
        | { readonly type: 'in-days'; readonly days: number }
        /** `next` is true for "next Tuesday" said apart from "Tuesday". Monday = 1 to Sunday = 7. */
        | { readonly type: 'weekday'; readonly weekday: number; readonly next: boolean }
        | {
            readonly type: 'calendar';
            readonly year: number | null;
            readonly month: number;
            readonly day: number;
          };
      readonly time: PlainTimeOfDay | null;
    }
  /** `in 2 hours`, `in 3 days`: of wall time. */
  | { readonly type: 'after'; readonly minutes: number }
  /** `in 2 working days`: the same time of day, so many days on which the person works later. */
  | { readonly type: 'working-days'; readonly days: number };

export type PlainTimeOfDay = { readonly hour: number; readonly minute: number };
