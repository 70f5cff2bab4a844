/**
 * What can go wrong with a running Baton, one entry a kind: where it strikes, and for how long. How each is brought
 * about stands in `inject/`, when in schedule.ts.
 */

/** Two faults of one place never overlap: the end of the one would mend the other. */
export type Place = 'imap' | 'mailbox' | 'smtp' | 'postgres' | 'redis' | 'workers';

/** What must be seen from outside when it lasts: that mail is not read, not sent, or that nothing can be known. */
export type Stops = 'intake' | 'sending' | 'everything';

export type FaultSpec = {
  readonly what: string;
  readonly place: Place;
  /** Shortest and longest, in seconds; [0, 0] is a deed of one moment. */
  readonly seconds: readonly [shortest: number, longest: number];
  /** How often it comes in one round of all kinds. */
  readonly often: number;
  readonly stops?: Stops;
  /** Not in shorter runs, since what follows from it takes that long. */
  readonly wantsSeconds?: number;
};

const Moment = [0, 0] as const;

const spec = <Specs extends Record<string, FaultSpec>>(
  specs: Specs,
): Readonly<Record<keyof Specs, FaultSpec>> => specs;

export const Faults = spec({
  'kill-poller': { what: 'kill -9 of a poller', place: 'workers', seconds: Moment, often: 2 },
  'kill-classifier': { what: 'kill -9 of a classifier', place: 'workers', seconds: Moment, often: 2 },
  'kill-router': { what: 'kill -9 of a router', place: 'workers', seconds: Moment, often: 2 },
  'kill-replies': { what: 'kill -9 of a replies worker', place: 'workers', seconds: Moment, often: 2 },
  'kill-mailer': { what: 'kill -9 of a mailer', place: 'workers', seconds: Moment, often: 2 },
  'kill-clock': { what: 'kill -9 of a clock', place: 'workers', seconds: Moment, often: 1 },
  'kill-all-of-a-kind': {
    what: 'kill -9 of every worker of one kind',
    place: 'workers',
    seconds: Moment,
    often: 1,
  },
  'kill-parser': { what: 'kill -9 of the children that parse', place: 'workers', seconds: Moment, often: 2 },
  restart: { what: 'a worker replaced in peace', place: 'workers', seconds: Moment, often: 1 },
  'stop-briefly': { what: 'SIGSTOP of a worker for seconds', place: 'workers', seconds: [3, 10], often: 2 },
  'stop-beyond-leases': {
    what: 'SIGSTOP of a worker for longer than its lease',
    place: 'workers',
    seconds: [35, 60],
    often: 1,
  },
  'stop-mailer-beyond-lease': {
    what: 'SIGSTOP of a mailer for longer than its lease of two minutes',
    place: 'workers',
    seconds: [125, 140],
    often: 1,
    wantsSeconds: 240,
  },
  'wrong-clock': {
    what: 'one more worker, whose clock is set by hours and days while it works',
    place: 'workers',
    seconds: [10, 20],
    often: 1,
  },

  'imap-session-killed': { what: 'kill -9 of the IMAP sessions', place: 'imap', seconds: Moment, often: 2 },
  'imap-session-stopped': {
    what: 'SIGSTOP of the IMAP sessions',
    place: 'imap',
    seconds: [65, 85],
    often: 1,
  },
  'imap-down': {
    what: 'Dovecot killed with -9, back after seconds',
    place: 'imap',
    seconds: [1, 8],
    often: 1,
  },
  'imap-silent': {
    what: 'connections to IMAP stay open and carry nothing',
    place: 'imap',
    seconds: [85, 100],
    often: 1,
    stops: 'intake',
  },
  'imap-stalled': { what: 'IMAP stalls and goes on', place: 'imap', seconds: [5, 15], often: 1 },
  'imap-reset': {
    what: 'IMAP reset in the middle of an answer, again and again',
    place: 'imap',
    seconds: [3, 8],
    often: 2,
  },
  'imap-sliced': { what: 'IMAP byte by byte', place: 'imap', seconds: [3, 8], often: 1 },
  'imap-slow': { what: 'IMAP 300 ms late', place: 'imap', seconds: [5, 15], often: 1 },
  'imap-refused': { what: 'connections to IMAP refused', place: 'imap', seconds: [5, 15], often: 1 },
  'imap-throttled': {
    what: 'IMAP says that it is asked too often',
    place: 'imap',
    seconds: [2, 5],
    often: 1,
    wantsSeconds: 180,
  },
  'imap-login-refused': {
    what: 'IMAP refuses the login',
    place: 'imap',
    seconds: [2, 5],
    often: 1,
    wantsSeconds: 420,
  },

  uidvalidity: { what: 'the mailbox gets another UIDVALIDITY', place: 'mailbox', seconds: Moment, often: 1 },
  restored: {
    what: 'the mailbox is put back as it was seconds ago',
    place: 'mailbox',
    seconds: [8, 20],
    often: 1,
  },
  expunge: {
    what: 'a person deletes mails, the newest among them',
    place: 'mailbox',
    seconds: Moment,
    often: 2,
  },
  flags: { what: 'a person reads and flags mails', place: 'mailbox', seconds: Moment, often: 2 },
  moves: { what: 'a person moves mails to another folder', place: 'mailbox', seconds: Moment, often: 2 },

  'smtp-down': {
    what: 'the mail server killed with -9, back after seconds',
    place: 'smtp',
    seconds: [3, 12],
    often: 1,
  },
  'smtp-away': {
    what: 'the mail server down for longer',
    place: 'smtp',
    seconds: [85, 100],
    often: 1,
    stops: 'sending',
  },
  'smtp-silent': {
    what: 'connections to SMTP stay open and carry nothing',
    place: 'smtp',
    seconds: [10, 40],
    often: 1,
  },
  'smtp-reset': { what: 'SMTP reset in the middle of an answer', place: 'smtp', seconds: [3, 8], often: 1 },
  'smtp-sliced': { what: 'SMTP byte by byte', place: 'smtp', seconds: [3, 8], often: 1 },
  'smtp-slow': { what: 'SMTP 200 ms late', place: 'smtp', seconds: [5, 12], often: 1 },
  'smtp-421': {
    what: '421 and an end, at a stage of the exchange',
    place: 'smtp',
    seconds: [3, 8],
    often: 2,
  },
  'smtp-450': { what: '450 to a stage of the exchange', place: 'smtp', seconds: [3, 8], often: 2 },
  'smtp-550': { what: '5xx to a stage of the exchange', place: 'smtp', seconds: [1, 3], often: 2 },
  'smtp-hangs-up': {
    what: 'an end without a word, before the content',
    place: 'smtp',
    seconds: [3, 8],
    often: 1,
  },
  'smtp-250-lost': { what: 'the 250 after the content is lost', place: 'smtp', seconds: [3, 6], often: 2 },
  'smtp-aborts': { what: 'an end within the content', place: 'smtp', seconds: [3, 6], often: 1 },
  'smtp-late': { what: 'answers that come seconds late', place: 'smtp', seconds: [8, 15], often: 1 },

  'postgres-immediate': {
    what: 'pg_ctl stop -m immediate, back after seconds',
    place: 'postgres',
    seconds: [0, 6],
    often: 1,
  },
  'postgres-killed': {
    what: 'kill -9 of the postmaster and all its processes',
    place: 'postgres',
    seconds: [0, 6],
    often: 1,
  },
  'postgres-away': {
    what: 'PostgreSQL down for longer',
    place: 'postgres',
    seconds: [75, 90],
    often: 1,
    stops: 'everything',
  },
  'postgres-hangs': {
    what: 'SIGSTOP of all processes of PostgreSQL',
    place: 'postgres',
    seconds: [5, 50],
    often: 1,
  },
  'postgres-locked': { what: 'LOCK TABLE held', place: 'postgres', seconds: [8, 20], often: 2 },
  'postgres-terminated': {
    what: 'every connection of workers terminated',
    place: 'postgres',
    seconds: Moment,
    often: 2,
  },
  'postgres-silent': {
    what: 'connections to PostgreSQL stay open and carry nothing',
    place: 'postgres',
    seconds: [10, 50],
    often: 1,
  },
  'postgres-reset': {
    what: 'connections to PostgreSQL reset in the middle of an answer',
    place: 'postgres',
    seconds: [2, 6],
    often: 2,
  },
  'postgres-sliced': { what: 'PostgreSQL byte by byte', place: 'postgres', seconds: [2, 5], often: 1 },
  'postgres-slow': { what: 'PostgreSQL 100 ms late', place: 'postgres', seconds: [4, 10], often: 1 },
  'disk-full': { what: 'the disk of PostgreSQL is full', place: 'postgres', seconds: [5, 15], often: 1 },

  'redis-flushed': { what: 'FLUSHALL', place: 'redis', seconds: Moment, often: 3 },
  'redis-killed': {
    what: 'Redis killed with -9, back empty after seconds',
    place: 'redis',
    seconds: [0, 8],
    often: 2,
  },
  'redis-hangs': { what: 'SIGSTOP of Redis', place: 'redis', seconds: [10, 45], often: 1 },
  'redis-full': { what: 'maxmemory of Redis reached', place: 'redis', seconds: [5, 15], often: 1 },
  'redis-readonly': { what: 'Redis made the replica of nobody', place: 'redis', seconds: [5, 15], often: 1 },
  'redis-silent': {
    what: 'connections to Redis stay open and carry nothing',
    place: 'redis',
    seconds: [10, 45],
    often: 1,
  },
  'redis-reset': {
    what: 'connections to Redis reset in the middle of an answer',
    place: 'redis',
    seconds: [3, 8],
    often: 1,
  },
  'redis-slow': { what: 'Redis 100 ms late', place: 'redis', seconds: [5, 10], often: 1 },
});

export type FaultKind = keyof typeof Faults;

export const FaultKinds = Object.keys(Faults) as FaultKind[];
