/**
 * The table of phrasings, written in every mail program around real mails of ours: from the raw bytes to the commands,
 * each phrasing is exactly what the table says. One wrong action fails it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { parseCommands } from '../../src/domain/command/parse.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { extractReply } from '../../src/domain/reply-text/extract-reply.ts';
import { everyView } from '../support/notice-samples.ts';
import { type Meant, type Phrasing, Phrasings } from '../support/phrasings.ts';
import { Shells } from '../support/quoting-shells.ts';

/**
 * A program in one language has two shells at least (text and HTML, some with the answer below the quote), so it meets
 * a hundred phrasings; all pairs take minutes, and are run with BATON_EVERY_PHRASING=1.
 */
const PHRASINGS_PER_SHELL = process.env.BATON_EVERY_PHRASING === '1' ? Phrasings.length : 64;
const LONG = { timeout: 10 * 60_000 };
/** No divisor in common with the table's length, so that a shell's phrasings come from all over it. */
const STRIDE = 7;

const notices = [...everyView().values()].map((view) => renderNotice(view));
const programs = [...new Set(Shells.map(({ program }) => program))];

/** Which phrasings a shell gets: the next so many of the table, so that each meets as many shells as any other. */
function phrasingsOf(shell: number): Phrasing[] {
  return Array.from({ length: PHRASINGS_PER_SHELL }, (_, nth) => {
    const at = ((shell * PHRASINGS_PER_SHELL + nth) * STRIDE) % Phrasings.length;
    return Phrasings[at] as Phrasing;
  });
}

function read(text: string): Meant {
  const { commands, suggestion } = parseCommands(text);
  // More than one command is as wrong as another one.
  if (commands.length > 0) return commands.map(({ verb }) => verb).join(' ') as Meant;
  return suggestion === null ? null : { ask: suggestion };
}

describe.each(programs)('%s', (program) => {
  const shells = [...Shells.entries()].filter(([, shell]) => shell.program === program);

  test(`no phrasing is anything else when it is written in ${program}`, LONG, async () => {
    const wrong: unknown[] = [];
    for (const [at, shell] of shells) {
      for (const [nth, [line, meant]] of phrasingsOf(at).entries()) {
        const notice = noticeFor(at * PHRASINGS_PER_SHELL + nth);
        const { text, reply } = await parseInProcess(shell.mail(line, notice));
        const known = extractReply(text, { sent: [notice.text], author: 'Sam Member' });
        for (const [how, own] of [
          ['by the shape of the quote', reply.text],
          ['by what we sent', known.text],
        ] as const) {
          const got = read(own);
          if (JSON.stringify(got) === JSON.stringify(meant)) continue;
          const { language, format, place } = shell;
          wrong.push({
            line,
            meant,
            got,
            how,
            shell: `${language}, ${format}, ${place}`,
            own: own.slice(0, 200),
          });
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('the sample', () => {
  const shellsOf = new Map<string, Set<number>>();
  beforeAll(() => {
    for (const at of Shells.keys()) {
      for (const [line] of phrasingsOf(at)) shellsOf.set(line, (shellsOf.get(line) ?? new Set()).add(at));
    }
  });

  test('holds a hundred different phrasings for every program in every language', () => {
    const met = Map.groupBy(Shells.keys(), (at) => `${Shells[at]?.program} in ${Shells[at]?.language}`);
    expect(met.size).toBe(70);
    for (const [name, shells] of met) {
      const lines = new Set(shells.flatMap((at) => phrasingsOf(at).map(([line]) => line)));
      expect(lines.size, name).toBeGreaterThanOrEqual(100);
    }
  });

  test('holds every phrasing in twenty shells at least, and in each program and format', () => {
    for (const [line] of Phrasings) {
      const met = [...(shellsOf.get(line) ?? [])].map((at) => Shells[at]);
      expect(met.length, line).toBeGreaterThanOrEqual(20);
      expect(new Set(met.map((shell) => shell?.program)).size, line).toBe(programs.length);
      expect(new Set(met.map((shell) => shell?.language)).size, line).toBeGreaterThanOrEqual(4);
      expect(new Set(met.map((shell) => `${shell?.format} ${shell?.place}`)).size, line).toBe(4);
    }
  });
});

/** Each shell meets other notices, and all shells together meet all. */
const noticeFor = (nth: number) => notices[nth % notices.length] as (typeof notices)[number];
