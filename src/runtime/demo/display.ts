/** Shows the day as it goes by: at a terminal a clock, a bar and the latest happenings, redrawn; else a line each. */
import type { WriteStream } from 'node:tty';
import { type Instant, toDate } from '../../domain/instant.ts';
import type { Line } from './narrator.ts';

export type Display = {
  show(now: Instant, lines: readonly Line[]): void;
  /** Takes away what was drawn; the lines of other writers may follow. */
  end(): void;
};

export type DisplayOptions = {
  readonly out: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>;
  readonly from: Instant;
  readonly until: Instant;
  readonly timeZone: string;
};

const LATEST = 12;
const WIDTH_MAX = 100;

export function display(options: DisplayOptions): Display {
  return options.out.isTTY ? redrawn(options) : lineByLine(options);
}

export function clockWords(timeZone: string): (at: Instant) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => format.format(toDate(at));
}

function lineByLine({ out, timeZone }: DisplayOptions): Display {
  const time = clockWords(timeZone);
  return {
    show: (_now, lines) => {
      for (const { at, text } of lines) out.write(`${time(at)} ${text}\n`);
    },
    end: () => {},
  };
}

function redrawn({ out, from, until, timeZone }: DisplayOptions): Display {
  const time = clockWords(timeZone);
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'full' }).format(toDate(from));
  let latest: readonly Line[] = [];
  let drawn = 0;
  const clear = () => {
    // Up to where the drawing began, and away with everything below.
    if (drawn > 0) out.write(`\u001b[${drawn}A\r\u001b[J`);
    drawn = 0;
  };
  const draw = (now: Instant) => {
    const width = Math.min(WIDTH_MAX, Math.max(40, (out.columns || 80) - 1));
    const barWidth = Math.max(10, width - day.length - 12);
    const filled = Math.round(barWidth * Math.min(1, Math.max(0, (now - from) / (until - from))));
    const bar = `\u001b[36m${'━'.repeat(filled)}\u001b[2m${'─'.repeat(barWidth - filled)}\u001b[0m`;
    const lines = latest.map(({ at, text }) => `  \u001b[2m${time(at)}\u001b[0m ${cut(text, width - 9)}`);
    const rows = [`  ${day} \u001b[1m${time(now)}\u001b[0m ${bar}`, '', ...lines];
    out.write(rows.map((row) => `${row}\n`).join(''));
    drawn = rows.length;
  };
  return {
    show(now, lines) {
      latest = [...latest, ...lines].slice(-LATEST);
      clear();
      draw(now);
    },
    end: clear,
  };
}

const cut = (text: string, max: number): string => {
  const points = [...text];
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`;
};
