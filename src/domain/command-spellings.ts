/**
 * The closed list of words that members may write, as data: another language is another Spellings value.
 */

export const Verbs = [
  'accept',
  'take',
  'decline',
  'handoff',
  'done',
  'reopen',
  'note',
  'reply',
  'help',
] as const;
export type Verb = (typeof Verbs)[number];

/** How commands are spelled in one language; all lower case, straight apostrophes. */
export type Spellings = {
  /** Longer phrases win. A handoff's phrases end before the NAME. */
  readonly verbs: Readonly<Record<Verb, readonly string[]>>;
  /** Words that may stand before or after a command without changing it. */
  readonly polite: readonly string[];
  /** Words that may open a line and be followed by up to two words of a name. */
  readonly greetings: readonly string[];
  /** Words that close a mail; what follows them at the end of a text is a name. */
  readonly closings: readonly string[];
  /** One-word answers that are not on the list, and what to propose for them. */
  readonly hints: Readonly<Record<string, Verb>>;
};

export const English: Spellings = {
  verbs: {
    accept: [
      'accept',
      'accepted',
      'i accept',
      'i accept this',
      'i accept it',
      'accept it',
      'accept this',
      'yes',
      'mine',
      "it's mine",
      'got it',
      'i got it',
      "i've got it",
      "i've got this",
      'on it',
      "i'm on it",
      'take it',
      "i'll take it",
      'i take it',
    ],
    take: ['take', 'i take', 'take this', "i'll take this"],
    decline: ['decline', 'declined', 'i decline', 'decline it', 'decline this'],
    handoff: [
      'handoff to',
      'hand off to',
      'hand-off to',
      'handover to',
      'hand over to',
      'hand-over to',
      'hand it to',
      'hand this to',
      'hand it off to',
      'hand this off to',
      'hand it over to',
      'hand this over to',
    ],
    done: ['done', 'all done', "it's done", 'it is done', 'this is done', "that's done"],
    reopen: ['reopen', 're-open', 'reopen it', 'reopen this'],
    note: ['note'],
    reply: ['reply'],
    help: ['help'],
  },
  polite: [
    'please',
    'pls',
    'thanks',
    'thank you',
    'thank you very much',
    'thanks a lot',
    'many thanks',
    'thx',
    'cheers',
    'sorry',
    'ok',
    'okay',
    'sure',
    'yes',
    'yep',
    'all right',
    'no problem',
    'of course',
    'great',
    'regards',
    'best regards',
    'kind regards',
  ],
  greetings: ['hi', 'hello', 'hey', 'dear', 'good morning', 'good afternoon', 'good evening', 'morning'],
  closings: [
    'thanks',
    'thank you',
    'many thanks',
    'thx',
    'cheers',
    'best',
    'regards',
    'best regards',
    'kind regards',
    'warm regards',
    'sincerely',
  ],
  hints: {
    no: 'decline',
    nope: 'decline',
    ok: 'accept',
    okay: 'accept',
    sure: 'accept',
    yep: 'accept',
    yeah: 'accept',
    finished: 'done',
    closed: 'done',
    close: 'done',
    resolved: 'done',
    solved: 'done',
    forward: 'handoff',
    answer: 'reply',
    comment: 'note',
  },
};
