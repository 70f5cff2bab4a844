/** The mails of a quarter: who writes when about what, and in which words. Told by a seed alone. */
import { DAY, type Duration, HOUR, type Instant } from '../../../src/domain/instant.ts';
import { type Chance, chanceOf } from '../year/chance.ts';
import { English, German, type Topic } from './subjects.ts';

export type TenantMail = {
  readonly at: Instant;
  readonly from: string;
  readonly topic: Topic;
  readonly subject: string;
  readonly text: string;
};

export type MailPlan = {
  readonly seed: number;
  /** A Monday. */
  readonly start: Instant;
  readonly weeks: number;
  /** On a working day. */
  readonly perDay: number;
};

/** How often what comes, by week: some of it is there from the beginning, some turns up, some goes. */
const FREQUENCY: Readonly<Record<Topic, (week: number) => number>> = {
  heating: (week) => (week < 6 ? 5 : 2),
  water: () => 4,
  'heat-pump': (week) => (week < 5 ? 0 : 3),
  invoice: () => 4,
  deposit: () => 2,
  moving: () => 3,
  keys: () => 2,
  noise: () => 2,
  charging: (week) => (week < 7 ? 0 : 2.5),
  'unheard-of': () => 1,
};

const TENANTS = 400;
const WORKDAYS = 5;
const GERMAN = 0.3;
/** A tenant mentions something else as well: what most of the mail is about counts. */
const ASIDE = 0.12;

export function tenantMails({ seed, start, weeks, perDay }: MailPlan): readonly TenantMail[] {
  const mails: TenantMail[] = [];
  for (let day = 0; day < weeks * 7; day += 1) {
    if (day % 7 >= WORKDAYS) continue;
    for (let index = 0; index < perDay; index += 1) {
      const chance = chanceOf(seed, 'mail', day, index);
      const at = start + day * DAY + hoursInto(chance);
      mails.push({
        at,
        from: `tenant${Math.floor(chance.next() * TENANTS)}@home.example`,
        ...written(chance, Math.floor(day / 7)),
      });
    }
  }
  return mails.sort((a, b) => a.at - b.at);
}

/** Between eight and four: whoever is asked can answer on the same day. */
const hoursInto = (chance: Chance): Duration => Math.floor(chance.between(0, 8) * HOUR);

function written(chance: Chance, week: number): Pick<TenantMail, 'topic' | 'subject' | 'text'> {
  const topic = weighted(chance, week);
  const language = chance.happens(GERMAN) ? German : English;
  const { subjects, says } = language[topic];
  const main = Array.from({ length: chance.happens(0.4) ? 2 : 1 }, () => filled(chance, chance.pick(says)));
  const aside = chance.happens(ASIDE)
    ? [filled(chance, chance.pick(language[weighted(chance, week)].says))]
    : [];
  const subject = chance.happens(0.15)
    ? language === German
      ? 'Anfrage'
      : 'Request'
    : filled(chance, chance.pick(subjects));
  const lines = [...main, ...aside].map((line) => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`);
  const [hello, bye] = language === German ? ['Guten Tag,', 'Viele Grüße'] : ['Hello,', 'Kind regards'];
  return { topic, subject, text: [hello, '', ...lines, '', bye].join('\n') };
}

function weighted(chance: Chance, week: number): Topic {
  const topics = Object.keys(FREQUENCY) as Topic[];
  const weights = topics.map((topic) => FREQUENCY[topic](week));
  let left = chance.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, topic] of topics.entries()) {
    left -= weights[index] ?? 0;
    if (left < 0) return topic;
  }
  return 'unheard-of';
}

/** One of several for each gap. */
const filled = (chance: Chance, sentence: string): string =>
  sentence.replace(/\{([^}]*)\}/g, (_, choices: string) => chance.pick(choices.split('|')));
