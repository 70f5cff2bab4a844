/**
 * What a reader would answer to a mail in a word or two: mails of ours say it themselves, in quotation marks, so it is
 * read off them. Whoever picks one only has it filled in; nothing is sent.
 */
import { wouldAct } from '../../../domain/command/parse.ts';
import type { Policy } from '../../../domain/policy.ts';
import { memberByAddress } from '../../../domain/roster.ts';
import type { Received } from '../world.ts';

const ANSWERS_MAX = 6;
/** Where others are quoted at length, nothing is proposed. */
const QUOTED_LINE = /^\s*[│>]/;
/** What every mail ends with, and answers nothing. */
const ALWAYS = new Set(['help']);
const TO_THE_CUSTOMER = 'reply:\nHello, we are on our way and with you within the hour.\n';

/** What a tenant may write below what we wrote to them. */
const TENANTS = ['Thank you, that helps.', 'It is getting worse. Can somebody come today?'];

export function likelyAnswers(policy: Policy, { kind, mail, to }: Received): readonly string[] {
  const reader = memberByAddress(policy, to);
  if (reader === null) return TENANTS;
  const others = [...policy.members.values()].filter(({ active, id }) => active && id !== reader.id);
  const team = [...policy.teams.values()].find(({ members }) => members.includes(reader.id));
  const colleague = others.find(({ id }) => team?.members.includes(id) === true) ?? others[0];
  const first = (name = ''): string => name.split(' ')[0] ?? '';
  const names = new Set(kind === 'last-asked' ? others.map(({ name }) => first(name)) : []);
  const filled = (said: string): string | null => {
    if (ALWAYS.has(said)) return null;
    if (said === 'handoff to') return `handoff to ${first(colleague?.name)}`;
    if (said === 'reply:') return TO_THE_CUSTOMER;
    if (said === 'note:') return 'note: waiting for the plumber';
    if (said === 'snooze until') return 'snooze until tomorrow';
    return names.has(said) || wouldAct(said) ? said : null;
  };
  const lines = mail.text.split('\n').filter((line) => !QUOTED_LINE.test(line));
  const said = lines.flatMap((line) =>
    [...line.matchAll(/"([^"\n]{1,60})"/g)].map(([, words = '']) => plain(words)),
  );
  const answers = [...new Set(said)].flatMap((one) => filled(one) ?? []);
  return [...new Set(answers)].slice(0, ANSWERS_MAX);
}

/** Quoted verbs are held together by spaces that do not break. */
const plain = (words: string): string => words.replaceAll('\u00a0', ' ').trim();
