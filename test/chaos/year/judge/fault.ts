/** Something that must never be. */
export type Fault = {
  readonly what: FaultCode;
  /** `request 1042, event 7`, or whatever else it is about. */
  readonly where: string;
  readonly detail: string;
};

export const FaultCodes = {
  'wrong-due': 'a clock that was set to another time than its rule says',
  early: 'a clock that fired before its time',
  late: 'a clock that fired more than a tick late',
  missed: 'a clock whose time came and that did not fire',
  'fired-twice': 'a clock that fired without running: a second time, or never set',
  'not-as-told': 'a clock that Baton says is running and that nothing has set, or the other way about',
  'nothing-runs': 'an open request without any clock: it could lie there for ever',
  'rung-on-absent': 'somebody was asked who is away, while another was left',
  'left-with-absent': 'a question stayed with somebody who went away',
  unaccountable: 'nobody, or somebody who is not in the team, answered for a request',
  'told-twice': 'somebody was told of one thing twice',
  'told-in-vain': 'somebody was told that a question is settled which they never had',
  'not-told': 'somebody was to be told of something and was not',
  'out-of-order': 'what happened is told in another order or at another time than it did',
  error: 'something failed that should not',
} as const;
export type FaultCode = keyof typeof FaultCodes;
