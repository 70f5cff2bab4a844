/** The answer of the doctor for people at a terminal: what is well in one line each, what is not with its why and its cure. */
import type { Check, CheckState } from '../domain/doctor/check.ts';
import { COLUMNS } from './wrapped.ts';

/** Words as well as colours: a screen reader and a log file have no colours. */
const Marks: Readonly<Record<CheckState, { readonly word: string; readonly colour: number }>> = {
  ok: { word: 'ok', colour: 32 },
  warning: { word: 'WARNING', colour: 33 },
  problem: { word: 'PROBLEM', colour: 31 },
  skipped: { word: 'skipped', colour: 2 },
};
/** What is looked at, for lines that do not say it themselves; the table of every check there is. */
const Topics: Readonly<Record<string, string>> = {
  configuration: 'Configuration',
  node: 'Node',
  disk: 'Disk',
  database: 'Database',
  'database-schema': 'Schema',
  'database-connections': 'Connections',
  redis: 'Redis',
  'clock-database': 'Clock',
  members: 'Members',
  'sign-in': 'Sign-in',
  'imap-tls': 'IMAP, encryption',
  'imap-login': 'IMAP, login',
  'imap-folder': 'IMAP, inbox',
  'imap-sent': 'IMAP, sent mail',
  'imap-idle': 'IMAP, new mail',
  'imap-extensions': 'IMAP, extensions',
  'smtp-tls': 'SMTP, encryption',
  'smtp-login': 'SMTP, login',
  'dns-mx': 'MX',
  'dns-spf': 'SPF',
  'dns-dkim': 'DKIM',
  'dns-dmarc': 'DMARC',
  'round-trip': 'There and back',
  'clock-mail-server': 'Clock',
};

const MARK_WIDTH = 9;
const INDENT = ' '.repeat(MARK_WIDTH);

export type Shown = { readonly titles: ReadonlyMap<string | null, string>; readonly colour: boolean };

export function doctorLines(checks: readonly Check[], { titles, colour }: Shown): string[] {
  const groups = [...titles].map(([inbox, title]) => ({
    title,
    checks: checks.filter((check) => check.inbox === inbox),
  }));
  return [
    ...groups
      .filter((group) => group.checks.length > 0)
      .flatMap((group) => [group.title, ...group.checks.flatMap((check) => checkLines(check, colour)), '']),
    summary(checks),
  ];
}

export function checkLines({ id, state, says, means, fix }: Check, colour: boolean): string[] {
  const topic = state === 'ok' || state === 'skipped' ? Topics[id] : undefined;
  const { word, colour: code } = Marks[state];
  const mark = word.padEnd(MARK_WIDTH);
  const shown = colour ? `\u001b[${code}m${mark}\u001b[0m` : mark;
  const [first = '', ...rest] = hanging(topic === undefined ? says : `${topic}: ${says}`);
  return [
    `${shown}${first}`,
    ...rest,
    ...(means === null ? [] : hanging(means).map((line, index) => (index === 0 ? `${INDENT}${line}` : line))),
    ...(fix === null
      ? []
      : hanging(`-> ${fix}`).map((line, index) => (index === 0 ? `${INDENT}${line}` : line))),
  ];
}

/** Filled to the width of a terminal, every line but the first below the words of the first. */
function hanging(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && MARK_WIDTH + line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one, index) => (index === 0 ? one : `${INDENT}${one}`));
}

function summary(checks: readonly Check[]): string {
  const count = (state: CheckState): number => checks.filter((check) => check.state === state).length;
  const problems = count('problem');
  const warnings = count('warning');
  const told = `${count('ok')} well, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${problems} ${problems === 1 ? 'problem' : 'problems'}, ${count('skipped')} skipped.`;
  return problems > 0 ? `${told} Baton will not work until the problems are solved.` : told;
}
