/**
 * The MailParser of production: mails are parsed in child processes that may be killed at any time.
 *
 * A mail that breaks a limit or takes its child down goes down a ladder: the second parser, then its header alone,
 * each under the same limits; what not even the second one could read is answered as unreadable, with its header.
 * The mails that were in flight with it are parsed again by a fresh child. A mail is only condemned for memory when
 * it had a child to itself. Throws Failure (temporary) when no child can be started or the pool is closed: then no
 * mail is to blame.
 */
import assert from 'node:assert/strict';
import { Failure } from '../../app/failures.ts';
import type {
  FilesResult,
  MailParser,
  ParseResult,
  ReplyJob,
  ReplyResult,
  Unreadable,
} from '../../app/ports/mail-parser.ts';
import { type Death, type Limits, ParserChild } from './parser-child-process.ts';
import { type Answer, bytesOf, type Task } from './parser-messages.ts';
import { DefaultReadLimits } from './read-limits.ts';
import type { Rung } from './read-parts.ts';

export type ParserPoolOptions = Partial<Limits> & {
  readonly children?: number;
  /** The program of the children; parser-child.ts unless a test brings another. */
  readonly program?: URL;
};

export const DefaultLimits: Limits = {
  cpuMsMax: 5_000,
  residentBytesMax: 256 * 1024 * 1024,
  watchEveryMs: 50,
  idleMsMax: 30_000,
};

/** In flight per child: enough to keep it busy, little enough not to fill its memory. */
const IN_FLIGHT_MAX = 20;
const IN_FLIGHT_BYTES_MAX = 8 * 1024 * 1024;
/** The line that goes beyond the limit of a header is needed for saying so. */
const HEADER_SLACK_BYTES = 1024;
/** Children that die in a row without having come up. */
const FAILED_STARTS_MAX = 3;
/** A mail whose child died without saying which mail it was on gets this many tries. */
const UNEXPLAINED_DEATHS_MAX = 2;

type Answered<T extends Task> = Extract<Answer, { kind: T['kind'] }>;

type Job = {
  readonly id: number;
  readonly task: Task;
  rung: Rung;
  /** Why the first parser could not read it. */
  failure: Unreadable | null;
  readonly resolve: (answer: Answer | Unreadable) => void;
  readonly reject: (failure: Failure) => void;
  /** Parsed in a fresh child with nothing else in flight. */
  alone: boolean;
  deaths: number;
};

type Slot = { child: ParserChild | null; used: boolean; readonly inFlight: Map<number, Job> };

/** Starts the children at once, so that the first mail finds a warm one. */
export function openParserPool(options: ParserPoolOptions = {}): MailParser {
  return new ParserPool(options);
}

class ParserPool implements MailParser {
  readonly #limits: Limits;
  readonly #program: URL;
  readonly #slots: Slot[];
  #waiting: Job[] = [];
  #nextId = 1;
  #failedStarts = 0;
  #closed = false;

  constructor(options: ParserPoolOptions) {
    const { children = 1, program = ownProgram(), ...limits } = options;
    this.#limits = { ...DefaultLimits, ...limits };
    this.#program = program;
    this.#slots = Array.from({ length: children }, () => ({ child: null, used: false, inFlight: new Map() }));
    for (const slot of this.#slots) this.#start(slot);
  }

  async parse(raws: readonly Uint8Array[]): Promise<ParseResult[]> {
    const answers = await this.#ask(raws.map((raw) => ({ kind: 'mail' as const, raw })));
    const unreadable: number[] = [];
    const results = answers.map((answer, i): ParseResult => {
      if (!('ok' in answer)) return { ok: true, mail: answer.mail };
      unreadable.push(i);
      return { ...answer, header: null };
    });
    if (unreadable.length === 0) return results;
    const heads = unreadable.map((i) => ({
      kind: 'mail' as const,
      raw: this.#headOf(raws[i] as Uint8Array),
    }));
    (await this.#ask(heads, 'header')).forEach((answer, n) => {
      const i = unreadable[n] as number;
      const result = results[i] as ParseResult;
      if (!('ok' in answer) && !result.ok) results[i] = { ...result, header: answer.mail };
    });
    return results;
  }

  /** What is read of a header at most: a mail of megabytes need not travel again for that. */
  #headOf(raw: Uint8Array): Uint8Array {
    const { headerBytesMax } = this.#limits.read ?? DefaultReadLimits;
    return raw.subarray(0, headerBytesMax + HEADER_SLACK_BYTES);
  }

  async extractReply(jobs: readonly ReplyJob[]): Promise<ReplyResult[]> {
    const answers = await this.#ask(jobs.map(({ raw, sent }) => ({ kind: 'reply' as const, raw, sent })));
    return answers.map((answer) => ('ok' in answer ? answer : { ok: true, reply: answer.reply }));
  }

  async readFiles(raw: Uint8Array, { bytesMax }: { readonly bytesMax: number }): Promise<FilesResult> {
    const [answer] = await this.#ask([{ kind: 'files' as const, raw, bytesMax }]);
    assert(answer !== undefined, 'one question has one answer');
    return 'ok' in answer ? answer : { ok: true, files: answer.files, left: answer.left };
  }

  #ask<T extends Task>(tasks: readonly T[], rung: Rung = 'first'): Promise<(Answered<T> | Unreadable)[]> {
    const answers = tasks.map(
      (task) =>
        new Promise<Answered<T> | Unreadable>((resolve, reject) => {
          // A child answers a question in its own kind.
          const typed = resolve as (answer: Answer | Unreadable) => void;
          this.#waiting.push({ ...newJob(this.#nextId++, task, rung), resolve: typed, reject });
        }),
    );
    if (this.#closed) this.#refuseAll('parser-closed', 'the parser was closed');
    else this.#fill();
    return Promise.all(answers);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#refuseAll('parser-closed', 'the parser was closed');
    await Promise.all(this.#slots.map((slot) => slot.child?.end()));
  }

  #start(slot: Slot): void {
    slot.used = false;
    slot.child = new ParserChild(this.#program, this.#limits, {
      answered: (id, answer) => this.#answered(slot, id, answer),
      failed: (id, why) => this.#failed(slot, id, why),
      died: (death) => this.#died(slot, death),
    });
  }

  #fill(): void {
    for (const slot of this.#slots) {
      if (slot.child === null && this.#waiting.length > 0) this.#start(slot);
      let bytes = [...slot.inFlight.values()].reduce((sum, job) => sum + bytesOf(job.task), 0);
      for (let job = this.#waiting[0]; job !== undefined; job = this.#waiting[0]) {
        if (slot.child === null || !hasRoom(slot, bytes, job)) break;
        this.#waiting.shift();
        slot.used = true;
        slot.inFlight.set(job.id, job);
        bytes += bytesOf(job.task);
        slot.child.give({ id: job.id, task: job.task, rung: job.rung });
      }
    }
  }

  #answered(slot: Slot, id: number, answer: Answer): void {
    this.#failedStarts = 0;
    this.#answer(slot, id, answer);
  }

  #answer(slot: Slot, id: number, answer: Answer): void {
    const job = slot.inFlight.get(id);
    slot.inFlight.delete(id);
    job?.resolve(answer);
    this.#fill();
  }

  #failed(slot: Slot, id: number, why: string): void {
    const job = slot.inFlight.get(id);
    slot.inFlight.delete(id);
    const failure = { code: 'parser-failed', why: `The parser failed on this mail: ${why}.` } as const;
    if (job !== undefined && this.#stepDown(job, { ok: false, ...failure })) this.#waiting.unshift(job);
    this.#fill();
  }

  /** True when a lower rung is left to read it by; else the mail has its answer. */
  #stepDown(job: Job, failure: Unreadable): boolean {
    // Of the header alone an answer or files cannot be read, and parse() asks for it by itself.
    if (job.rung !== 'first') {
      job.resolve(job.failure ?? failure);
      return false;
    }
    Object.assign(job, { rung: 'second', failure, alone: false, deaths: 0 });
    return true;
  }

  #died(slot: Slot, death: Death): void {
    slot.child = null;
    const left = [...slot.inFlight.values()];
    slot.inFlight.clear();
    if (this.#closed) return;
    this.#waiting = [...left.filter((job) => !this.#blame(job, death)), ...this.#waiting];
    this.#failedStarts = death.wasReady ? 0 : this.#failedStarts + 1;
    if (this.#failedStarts >= FAILED_STARTS_MAX) {
      this.#failedStarts = 0;
      this.#refuseAll('parser-unavailable', `the parser process cannot be started: ${death.why}`);
    }
    // Kept warm, except that with nothing to do a broken program is not started over and over.
    if (death.wasReady && slot.child === null) this.#start(slot);
    this.#fill();
  }

  /** True when the mail has its answer: it brought the child down, and no lower rung is left. */
  #blame(job: Job, death: Death): boolean {
    if (death.id === null) {
      job.deaths += 1;
      if (!death.wasReady || job.deaths < UNEXPLAINED_DEATHS_MAX) return false;
    } else if (death.id !== job.id) return false;
    else if (death.code === 'memory-limit' && !death.fresh && !job.alone) {
      job.alone = true;
      return false;
    }
    return !this.#stepDown(job, { ok: false, code: death.code, why: sentence(death.why) });
  }

  #refuseAll(code: string, why: string): void {
    const jobs = [...this.#waiting, ...this.#slots.flatMap((slot) => [...slot.inFlight.values()])];
    this.#waiting = [];
    for (const slot of this.#slots) slot.inFlight.clear();
    for (const job of jobs) job.reject(new Failure('temporary', code, `The mail was not parsed: ${why}.`));
  }
}

function hasRoom(slot: Slot, bytes: number, job: Job): boolean {
  if (slot.inFlight.size === 0) return !job.alone || !slot.used;
  const aloneInFlight = [...slot.inFlight.values()].some((one) => one.alone);
  return (
    !job.alone &&
    !aloneInFlight &&
    slot.inFlight.size < IN_FLIGHT_MAX &&
    bytes + bytesOf(job.task) <= IN_FLIGHT_BYTES_MAX
  );
}

const newJob = (id: number, task: Task, rung: Rung) => ({
  id,
  task,
  rung,
  failure: null,
  alone: false,
  deaths: 0,
});

const sentence = (why: string): string => `Parsing this mail was stopped: it ${why}.`;

/** Beside this file, in the form in which this file runs. */
const ownProgram = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './parser-child.ts' : './parser-child.js', import.meta.url);
