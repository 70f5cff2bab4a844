/**
 * One child process that parses mails, and the watch over it. It answers each mail given to it or dies; when it
 * dies it tells which mail it was on and why.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { UnreadableCode } from '../../app/ports/mail-parser.ts';
import type { Answer, FromChild, ToChild } from './parser-messages.ts';
import { readUsage } from './process-usage.ts';
import type { ReadLimits } from './read-limits.ts';

export type Limits = {
  /** Processor time for one mail. */
  readonly cpuMsMax: number;
  /** Resident memory of the child. */
  readonly residentBytesMax: number;
  /** How often usage is read while a mail is being parsed. */
  readonly watchEveryMs: number;
  /** How much of one mail is read; the child's own defaults where it says nothing. */
  readonly read?: ReadLimits;
  /** A mail on which the child spends no processor time for this long hangs for ever. */
  readonly idleMsMax: number;
};

export type Death = {
  /** The mail that was being parsed; null when none was. */
  readonly id: number | null;
  readonly code: UnreadableCode;
  readonly why: string;
  /** False when other mails went through this child before, whose garbage may have added to its memory. */
  readonly fresh: boolean;
  /** True once the child had come up. */
  readonly wasReady: boolean;
};

export type ChildEvents = {
  readonly answered: (id: number, answer: Answer) => void;
  readonly failed: (id: number, why: string) => void;
  readonly died: (death: Death) => void;
};

const EXEC_ARGV = [
  '--permission',
  '--allow-fs-read=*',
  '--allow-worker',
  '--expose-gc',
  '--no-warnings',
  // Measured over thousands of mails: 170 MB resident and level, instead of 300 and growing, for the same time.
  '--max-semi-space-size=2',
];

export class ParserChild {
  readonly #child: ChildProcess;
  readonly #limits: Limits;
  readonly #events: ChildEvents;
  #current: { id: number; cpuMsBefore: number } | null = null;
  #startedCount = 0;
  #ready = false;
  #sentence: { code: UnreadableCode; why: string } | null = null;
  #watch: NodeJS.Timeout | null = null;
  #reading = false;
  #lastCpuMs = 0;
  #idleSinceMs = 0;
  readonly #exited: Promise<void>;

  constructor(program: URL, limits: Limits, events: ChildEvents) {
    this.#limits = limits;
    this.#events = events;
    this.#child = fork(program, limits.read === undefined ? [] : [JSON.stringify(limits.read)], {
      serialization: 'advanced',
      // A hostile mail that takes over the parser finds no secrets, no files to write and no programs to start.
      env: {},
      execArgv: EXEC_ARGV,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (message) => this.#hear(message as FromChild));
    this.#child.on('error', () => this.#child.kill('SIGKILL'));
    this.#exited = new Promise((resolve) => {
      const finish = (how: string) => {
        resolve();
        this.#ended(how);
      };
      this.#child.once('exit', (code, signal) => finish(signal ?? `code ${code}`));
      if (this.#child.pid === undefined) this.#child.once('error', (error) => finish(error.message));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  give(message: ToChild): void {
    // An error here means that the child is ending, which `died` reports.
    this.#child.send(message, () => {});
  }

  /** Ends the child, busy or not; resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#current === null && this.#child.connected) this.#child.disconnect();
    else this.#child.kill('SIGKILL');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 1_000);
    await this.#exited;
    clearTimeout(timer);
  }

  #hear(message: FromChild): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        return;
      case 'started':
        this.#current = { id: message.id, cpuMsBefore: message.cpuMs };
        this.#startedCount += 1;
        this.#lastCpuMs = 0;
        this.#idleSinceMs = performance.now();
        this.#watch ??= setInterval(() => void this.#look(), this.#limits.watchEveryMs);
        return;
      case 'answered':
      case 'failed':
        this.#current = null;
        if (this.#sentence !== null) return;
        if (message.type === 'answered') this.#events.answered(message.id, message.answer);
        else this.#events.failed(message.id, message.why);
        if (this.#current === null) this.#rest();
        return;
      default:
        return message satisfies never;
    }
  }

  #rest(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
  }

  async #look(): Promise<void> {
    const { pid } = this.#child;
    const current = this.#current;
    if (this.#reading || pid === undefined || current === null || this.#sentence !== null) return;
    this.#reading = true;
    const usage = await readUsage(pid);
    this.#reading = false;
    // The mail may have been answered while usage was read.
    if (usage === null || this.#current !== current) return;
    const { cpuMsMax, residentBytesMax } = this.#limits;
    if (usage.cpuMs - current.cpuMsBefore > cpuMsMax) {
      this.#condemn('cpu-limit', `took more than ${cpuMsMax / 1_000} s of processor time`);
    } else if (usage.residentBytes > residentBytesMax) {
      this.#condemn(
        'memory-limit',
        `took more than ${Math.round(residentBytesMax / 1024 / 1024)} MB of memory`,
      );
    } else this.#lookForHang(usage.cpuMs);
  }

  #lookForHang(cpuMs: number): void {
    const nowMs = performance.now();
    if (cpuMs !== this.#lastCpuMs) {
      this.#lastCpuMs = cpuMs;
      this.#idleSinceMs = nowMs;
    } else if (nowMs - this.#idleSinceMs > this.#limits.idleMsMax) {
      this.#condemn('parser-failed', 'stood still in the parser');
    }
  }

  #condemn(code: UnreadableCode, why: string): void {
    this.#sentence = { code, why };
    this.#child.kill('SIGKILL');
  }

  #ended(how: string): void {
    this.#rest();
    const sentence = this.#sentence ?? { code: 'parser-failed' as const, why: `ended the parser (${how})` };
    this.#events.died({
      id: this.#current?.id ?? null,
      ...sentence,
      fresh: this.#startedCount <= 1,
      wasReady: this.#ready,
    });
  }
}
