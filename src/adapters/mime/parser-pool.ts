/**
 * The MailParser of production: mails are parsed in child processes that may be killed at any time.
 *
 * A mail that breaks a limit or takes its child down is answered as unreadable; the mails that were in flight with
 * it are parsed again by a fresh child. A mail is only condemned for memory when it had a child to itself. Throws
 * Failure (temporary) when no child can be started or the pool is closed: then no mail is to blame.
 */
import { Failure } from '../../app/failures.ts';
import type { MailParser, ParseResult } from '../../app/ports/mail-parser.ts';
import type { Mail } from '../../domain/message.ts';
import { type Death, type Limits, ParserChild } from './parser-child-process.ts';

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
/** Children that die in a row without having come up. */
const FAILED_STARTS_MAX = 3;
/** A mail whose child died without saying which mail it was on gets this many tries. */
const UNEXPLAINED_DEATHS_MAX = 2;

type Job = {
  readonly id: number;
  readonly raw: Uint8Array;
  readonly resolve: (result: ParseResult) => void;
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

  parse(raws: readonly Uint8Array[]): Promise<ParseResult[]> {
    const answers = raws.map(
      (raw) =>
        new Promise<ParseResult>((resolve, reject) => {
          this.#waiting.push({ id: this.#nextId++, raw, resolve, reject, alone: false, deaths: 0 });
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
      parsed: (id, mail) => this.#parsed(slot, id, mail),
      failed: (id, why) =>
        this.#answer(slot, id, {
          ok: false,
          code: 'parser-failed',
          why: `The parser failed on this mail: ${why}.`,
        }),
      died: (death) => this.#died(slot, death),
    });
  }

  #fill(): void {
    for (const slot of this.#slots) {
      if (slot.child === null && this.#waiting.length > 0) this.#start(slot);
      let bytes = [...slot.inFlight.values()].reduce((sum, job) => sum + job.raw.length, 0);
      for (let job = this.#waiting[0]; job !== undefined; job = this.#waiting[0]) {
        if (slot.child === null || !hasRoom(slot, bytes, job)) break;
        this.#waiting.shift();
        slot.used = true;
        slot.inFlight.set(job.id, job);
        bytes += job.raw.length;
        slot.child.give({ id: job.id, raw: job.raw });
      }
    }
  }

  #parsed(slot: Slot, id: number, mail: Mail): void {
    this.#failedStarts = 0;
    this.#answer(slot, id, { ok: true, mail });
  }

  #answer(slot: Slot, id: number, result: ParseResult): void {
    const job = slot.inFlight.get(id);
    slot.inFlight.delete(id);
    job?.resolve(result);
    this.#fill();
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

  /** True when the mail has its answer: it brought the child down. */
  #blame(job: Job, death: Death): boolean {
    if (death.id === null) {
      job.deaths += 1;
      if (!death.wasReady || job.deaths < UNEXPLAINED_DEATHS_MAX) return false;
    } else if (death.id !== job.id) return false;
    else if (death.code === 'memory-limit' && !death.fresh && !job.alone) {
      job.alone = true;
      return false;
    }
    job.resolve({ ok: false, code: death.code, why: sentence(death.why) });
    return true;
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
    bytes + job.raw.length <= IN_FLIGHT_BYTES_MAX
  );
}

const sentence = (why: string): string => `Parsing this mail was stopped: it ${why}.`;

/** Beside this file, in the form in which this file runs. */
const ownProgram = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './parser-child.ts' : './parser-child.js', import.meta.url);
