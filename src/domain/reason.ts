/** Why Baton decided something by itself: a stable code for machines and a sentence for people. */
export type Reason = {
  readonly code: string;
  /** Made of configured words, ids and numbers only: reasons are kept in events, which hold nobody's own words. */
  readonly sentence: string;
};
