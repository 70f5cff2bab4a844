/**
 * What a new mail is about, by the rules of the configuration alone.
 *
 * - Every rule of the inbox is tried. A rule matches when all its conditions hold; its strength is the number of
 *   kinds of condition it names (from, domain, to, subject, body, header, attachment). A rule without any matches
 *   everything, and everything is stronger.
 * - Of the matching rules that assign, the strongest wins. Where several are equally strong and name the same
 *   assignee, the first of them wins; where they name different ones it is a tie: nobody is chosen, the front desk
 *   decides, and the order in the file is no argument.
 * - A rule that assigns nobody never competes: it only makes the mail urgent, and gives the category where no
 *   assigning rule matches (the strongest, then the first).
 * - Words match whole words whatever the case, accents kept, white space folded, in what the sender newly wrote.
 *
 * Time is linear in the mail per word of the rules; the text that is looked at is bounded.
 */
import { domainOf, sameAddress } from './address.ts';
import type { InboxId } from './ids.ts';
import { headerValues, type Mail } from './message.ts';
import type { Priority, Rule, RuleConditions } from './policy.ts';
import type { Reason } from './reason.ts';

export type Classification = {
  readonly category: string | null;
  readonly priority: Priority;
  /** The rule that decided; null when none did or several tied. */
  readonly ruleId: string | null;
  readonly assign: Rule['assign'];
  /** Whether any rule that matches says that the mail names its customer in Reply-To. */
  readonly customerInReplyTo: boolean;
  /** Codes: rule, rules-tied, rule-names-nobody, no-rule. */
  readonly reason: Reason;
};

type Decided = Omit<Classification, 'customerInReplyTo'>;
type Match = { readonly rule: Rule; readonly strength: number; readonly because: string };

/** A leak is reported in the first lines; a mail of 60 MB is not read to its end for a word. */
const TEXT_MAX = 65_536;
/** How many tied rules the sentence names. */
const TIED_NAMED_MAX = 4;

/** Classifies one mail that opens a conversation. `rules` are those of the policy, of every inbox. */
export function classify(rules: readonly Rule[], inboxId: InboxId, mail: Mail): Classification {
  const texts = textsOf(mail);
  const matches = rules
    // A rule that names no inbox is for every inbox.
    .filter((rule) => rule.inboxes.length === 0 || rule.inboxes.includes(inboxId))
    .flatMap((rule) => matchOf(rule, mail, texts) ?? []);
  const customerInReplyTo = matches.some(({ rule }) => rule.customer === 'reply-to');
  return { ...decided(matches), customerInReplyTo };
}

function decided(matches: readonly Match[]): Decided {
  const top = strongest(matches.filter(({ rule }) => rule.assign !== null));
  const labels = matches.filter(({ rule }) => rule.assign === null);
  const winner = top[0];
  if (winner === undefined) return onlyLabelled(labels);
  const priority = urgentIfAny([...top, ...labels]);
  if (top.some(({ rule }) => !sameAssignee(rule.assign, winner.rule.assign))) return tied(top, priority);
  return {
    category: winner.rule.category,
    priority: urgentIfAny([winner, ...labels]),
    ruleId: winner.rule.id,
    assign: winner.rule.assign,
    reason: { code: 'rule', sentence: sentenceOf(winner) },
  };
}

function onlyLabelled(labels: readonly Match[]): Decided {
  const label = strongest(labels)[0];
  if (label === undefined) {
    const reason = { code: 'no-rule', sentence: 'no rule matches' };
    return { category: null, priority: 'normal', ruleId: null, assign: null, reason };
  }
  return {
    category: label.rule.category,
    priority: urgentIfAny(labels),
    ruleId: label.rule.id,
    assign: null,
    reason: { code: 'rule-names-nobody', sentence: `${sentenceOf(label)}, and it names nobody` },
  };
}

function tied(top: readonly Match[], priority: Priority): Decided {
  const categories = new Set(top.map(({ rule }) => rule.category));
  const [category = null] = categories;
  const named = top.slice(0, TIED_NAMED_MAX).map(sentenceOf);
  const more = top.length > named.length ? `; and ${top.length - named.length} more` : '';
  const sentence = `rules that name different people match equally well: ${named.join('; ')}${more}`;
  return {
    category: categories.size === 1 ? category : null,
    priority,
    ruleId: null,
    assign: null,
    reason: { code: 'rules-tied', sentence },
  };
}

const sentenceOf = ({ rule, because }: Match): string => `${because} (rule "${rule.id}")`;

const urgentIfAny = (matches: readonly Match[]): Priority =>
  matches.some(({ rule }) => rule.priority === 'urgent') ? 'urgent' : 'normal';

const strongest = (matches: readonly Match[]): readonly Match[] => {
  const most = matches.reduce((max, match) => Math.max(max, match.strength), 0);
  return matches.filter((match) => match.strength === most);
};

function sameAssignee(a: Rule['assign'], b: Rule['assign']): boolean {
  if (a === null || b === null) return a === b;
  if (a.type === 'member') return b.type === 'member' && a.member === b.member;
  return b.type === 'team' && a.team === b.team;
}

type Texts = { readonly subject: string; readonly body: string };
/** Says in words which configured value holds; null when none does, undefined when the rule does not ask. */
type Condition = (when: RuleConditions, mail: Mail, texts: Texts) => string | null | undefined;

const conditions: { readonly [Kind in keyof RuleConditions]-?: Condition } = {
  // Addresses stay out of the sentence: it is kept for good, and some day somebody's address must not be.
  from: ({ from }, mail) => {
    const isListed = (value: string) => mail.from.some(({ address }) => sameAddress(address, value));
    return from && (from.some(isListed) ? 'the sender is on its list' : null);
  },
  domain: ({ domain }, mail) =>
    said(domain, 'it comes from ', (value) =>
      mail.from.some(({ address }) => isWithin(domainOf(address), value)),
    ),
  to: ({ to }, mail) => {
    const written = [...mail.to, ...mail.cc].map(({ address }) => address).concat(mail.deliveredTo);
    const isListed = (value: string) => written.some((address) => sameAddress(address, value));
    return to && (to.some(isListed) ? 'it went to an address on its list' : null);
  },
  subject: ({ subject }, _mail, texts) =>
    said(subject, 'the subject has ', (value) => hasWords(texts.subject, value), '"'),
  body: ({ body }, _mail, texts) => said(body, 'the text has ', (value) => hasWords(texts.body, value), '"'),
  header: ({ header }, mail) => {
    if (header === undefined) return undefined;
    const hits = Object.entries(header).map(([name, words]) => headerHit(mail, name.toLowerCase(), words));
    return hits.length === 0 || hits.some((hit) => typeof hit !== 'string') ? null : hits.join(' and ');
  },
  attachment: ({ attachment }, mail) => {
    // A logo in the signature would make every mail of a company match image/*.
    const files = mail.attachments.filter(({ inline }) => !inline);
    return said(attachment, 'a file is ', (value) => files.some((file) => isFile(file, value)), '"');
  },
};

function said(
  values: readonly string[] | undefined,
  words: string,
  holds: (value: string) => boolean,
  quote = '',
): string | null | undefined {
  if (values === undefined) return undefined;
  const hit = values.find(holds);
  return hit === undefined ? null : `${words}${quote}${hit}${quote}`;
}

/** Null when a condition fails. A condition that lists nothing holds for nothing. */
function matchOf(rule: Rule, mail: Mail, texts: Texts): Match | null {
  const held: string[] = [];
  for (const condition of Object.values(conditions)) {
    const outcome = condition(rule.when, mail, texts);
    if (outcome === null) return null;
    if (outcome !== undefined) held.push(outcome);
  }
  return { rule, strength: held.length, because: held.join(' and ') || 'it matches every mail' };
}

const isWithin = (domain: string, configured: string): boolean => {
  const wanted = domainOf(`@${configured.replace(/^[@.]/, '')}`);
  return wanted !== '' && (domain === wanted || domain.endsWith(`.${wanted}`));
};

function headerHit(mail: Mail, name: string, words: readonly string[]): string | null | undefined {
  const values = headerValues(mail, name).map(plain);
  return said(
    words,
    `the header ${name} has `,
    (word) => values.some((value) => holdsText(value, word)),
    '"',
  );
}

function isFile(file: Mail['attachments'][number], configured: string): boolean {
  const wanted = plain(configured);
  if (wanted === '') return false;
  if (!wanted.includes('/')) return plain(file.filename ?? '').includes(wanted);
  const type = plain(file.contentType);
  return wanted.endsWith('/*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

/** Signature and quoted history decide nothing: "Leak Detection Ltd." signs every mail. */
function textsOf(mail: Mail): Texts {
  const written = `${mail.reply.text}\n${mail.forwarded?.text ?? ''}`;
  let body: string | null = null;
  return {
    subject: plain(mail.subject),
    // Few rules ask for it, and it is most of the work.
    get body() {
      body ??= plain(written.trim() === '' ? mail.text : written);
      return body;
    },
  };
}

/** One form for what is searched and what is searched for. Turkish İ becomes a plain i, not i with a dot above. */
function plain(text: string): string {
  const folded = text
    .slice(0, TEXT_MAX)
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('i\u0307', 'i')
    .replace(/\s+/gu, ' ')
    .trim();
  // The cut may have made "leak" of "leaky".
  const lastWord = text.length > TEXT_MAX ? folded.lastIndexOf(' ') : -1;
  return lastWord < 0 ? folded : folded.slice(0, lastWord);
}

/** An empty configured word is in no text. */
function holdsText(text: string, configured: string): boolean {
  const wanted = plain(configured);
  return wanted !== '' && text.includes(wanted);
}

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;

/** Whether the configured word or phrase stands in the text and is not the part of a longer word. */
function hasWords(text: string, configured: string): boolean {
  const wanted = plain(configured);
  if (wanted === '') return false;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = characterBefore(text, at);
    const after = characterAt(text, at + wanted.length);
    if (!joins(before, characterAt(wanted, 0)) && !joins(characterBefore(wanted, wanted.length), after)) {
      return true;
    }
  }
  return false;
}

const joins = (left: string, right: string): boolean =>
  WORD_CHARACTER.test(left) && WORD_CHARACTER.test(right);

const characterAt = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

const characterBefore = (text: string, at: number): string => {
  const unit = text[at - 1] ?? '';
  const isLowHalf = unit >= '\udc00' && unit <= '\udfff';
  return isLowHalf && at >= 2 ? characterAt(text, at - 2) : unit;
};
