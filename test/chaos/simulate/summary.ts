/** What came of a simulation, for people. */
import type { Sum } from './many.ts';

const SHOWN_MAX = 20;
const WIDTH = 110;
/** Groups of what was counted, in the order in which they are told. */
const GROUPS: Readonly<Record<string, string>> = {
  letter: 'Mail that came in',
  fault: 'Faults',
  death: 'Processes died',
  happening: 'Happenings',
  disposition: 'Dispositions',
  event: 'Events of requests',
  phase: 'States reached',
  rung: 'Rungs',
  parked: 'Events of parked mail',
  notice: 'Notices written',
  sent: 'Notices that arrived',
  page: 'Pages that arrived',
  order: 'Forms sent on the board',
  verb: 'Orders carried out',
  rejection: 'Orders refused',
  reason: 'Reasons of messages',
};

export function summaryOf(sum: Sum, seconds: number, again: string): string {
  const lines = [
    `${grouped(sum.seeds)} lives in ${grouped(Math.round(seconds))} s: ${grouped(Math.round((sum.seeds / seconds) * 60))} a minute, ${grouped(sum.steps)} steps, ${grouped(sum.faults)} faults.`,
    '',
  ];
  for (const [group, title] of Object.entries(GROUPS)) {
    const names = Object.entries(sum.counts[group] ?? {}).sort(([, a], [, b]) => b - a);
    if (names.length === 0) continue;
    const total = names.reduce((all, [, count]) => all + count, 0);
    lines.push(
      ...wrapped(
        `${title} (${grouped(total)}): ${names.map(([name, count]) => `${name} ${grouped(count)}`).join(', ')}`,
      ),
    );
  }
  lines.push('');
  if (sum.failed === 0) lines.push('Every promise held.');
  else lines.push(`${grouped(sum.failed)} lives in which a promise was broken:`);
  for (const { seed, broken } of sum.found.slice(0, SHOWN_MAX)) {
    lines.push(`  seed ${seed}: ${broken[0]?.split('\n')[0] ?? ''}`);
  }
  if (sum.failed > 0) lines.push('', `To see one again: ${again}`);
  return `${lines.join('\n')}\n`;
}

const grouped = (count: number): string => count.toLocaleString('en-US');

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = '   ';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
