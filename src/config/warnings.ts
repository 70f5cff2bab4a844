/**
 * What a configuration says that is allowed and hardly meant: it is in force all the same, and told at each start and by
 * `baton check`. What cannot be meant is a problem instead (relations.ts).
 */
import { fold } from '../domain/roster.ts';
import { valueAt } from './issues.ts';
import { type Finding, nearest, type Path } from './problems.ts';
import type { Config } from './schema.ts';
import type { Source } from './source.ts';
import { isLoopback } from './values.ts';

/** `today` as a date, 2026-03-02. */
export function warningsOf({ tree }: Pick<Source, 'tree'>, config: Config, today: string): Finding[] {
  return [
    ...mailsForNobody(tree, config),
    ...distantRotas(config, today),
    ...plainConnections(config),
    ...sharedNames(config),
    ...nearCategories(config),
    ...indistinctCategories(config),
  ];
}

const MANAGERS_MAILS = { digest: 'daily digest', weeklyReport: 'weekly report' } as const;

/** Everybody has a time for them by default; who writes one expects the mail. */
function mailsForNobody(tree: unknown, { inboxes, members }: Config): Finding[] {
  const deciding = new Set(
    Object.values(inboxes).flatMap(({ managers, finalManager, finalManagerCover }) => [
      ...managers,
      finalManager,
      finalManagerCover,
    ]),
  );
  return Object.entries(members).flatMap(([id, member]) =>
    (['digest', 'weeklyReport'] as const)
      .filter((key) => !deciding.has(id) && member[key] !== null)
      .filter((key) => valueAt(tree, ['members', id, key]) !== undefined)
      .map((key) => ({
        path: ['members', id, key],
        message: `${id} manages no inbox, and gets no ${MANAGERS_MAILS[key]}`,
        remedy: `Name ${id} under managers of an inbox, or leave the line out.`,
      })),
  );
}

const YEAR_MS = 366 * 86_400_000;

/** Somebody has written the wrong year: turns are counted back from there, so nobody would notice but whoever is asked. */
function distantRotas({ inboxes }: Config, today: string): Finding[] {
  return Object.entries(inboxes).flatMap(([id, inbox]) =>
    (['triageLead', 'onCall'] as const).flatMap((key) => {
      const rota = inbox[key];
      if (rota === undefined || typeof rota === 'string') return [];
      if (Date.parse(rota.firstMonday) - Date.parse(today) <= YEAR_MS) return [];
      const path: Path = ['inboxes', id, key, 'firstMonday'];
      const remedy =
        'Until then the same turns hold, counted back from that week. Check the year; a Monday that has passed is as good.';
      return [{ path, message: 'this is more than a year ahead', remedy }];
    }),
  );
}

/** Within one host nothing is overheard. */
function plainConnections({ inboxes, alarm }: Config): Finding[] {
  const servers = [
    ...Object.entries(inboxes).flatMap(([id, { imap, smtp }]) => [
      { path: ['inboxes', id, 'imap'], server: imap },
      { path: ['inboxes', id, 'smtp'], server: smtp },
    ]),
    ...(alarm.mail === undefined ? [] : [{ path: ['alarm', 'mail', 'smtp'], server: alarm.mail.smtp }]),
  ];
  return servers
    .filter(({ server: { tls, host } }) => tls === 'none' && !isLoopback(host))
    .map(({ path, server }) => {
      const { host, password } = server;
      const what = words(password, 'oauth' in server ? server.oauth : undefined);
      const remedy =
        'Write tls: implicit or tls: starttls, unless nobody else can listen between here and there.';
      return { path: [...path, 'tls'], message: `${what} the network to ${host} in the clear`, remedy };
    });
}

const words = (password: string | undefined, oauth: string | undefined): string => {
  if (password !== undefined) return 'mail and password cross';
  return oauth === undefined ? 'mail crosses' : 'mail and tokens cross';
};

/** Colleagues hand over by name, and would be asked whom they mean each time. */
function sharedNames({ members }: Config): Finding[] {
  const all = Object.entries(members);
  return all.flatMap(([id, { name, aliases }], index) => {
    const namesake = all.slice(0, index).find(([, other]) => fold(other.name) === fold(name));
    if (namesake === undefined || (aliases.length > 0 && namesake[1].aliases.length > 0)) return [];
    const message = `${namesake[0]} has the same name, and colleagues can name neither by it`;
    const remedy = 'Add an initial or a second name, or give both an alias that colleagues type.';
    return [{ path: ['members', id, 'name'], message, remedy }];
  });
}

/** One slip in so many letters: words of rules need not be categories, and "leak" is not meant to be "lease". */
const LETTERS_PER_SLIP = 5;

/** A rule may call requests what it likes, and says so little that nobody would notice the slip: the front desk is asked. */
function nearCategories({ categories, rules }: Config): Finding[] {
  const ids = new Map(Object.entries(categories).map(([id, { name }]) => [name ?? id, id]));
  for (const id of Object.keys(categories)) ids.set(id, id);
  return rules.flatMap(({ category }, index) => {
    if (Object.hasOwn(categories, category)) return [];
    const near = nearest(category, ids.keys(), Math.floor(category.length / LETTERS_PER_SLIP));
    if (near === null) return [];
    const message = `"${category}" is none of the categories, and nearly one`;
    const remedy = `Did you mean "${ids.get(near)}"? A rule names a category by its id.`;
    return [{ path: ['rules', index, 'category'], message, remedy }];
  });
}

/** What is learned is what tells categories from each other. */
function indistinctCategories({ categories, learning }: Config): Finding[] {
  const all = Object.entries(categories);
  if (learning.mode === 'off') return [];
  const alone: Finding = {
    path: ['categories'],
    message: 'there is only one, and nothing to tell it apart from',
    remedy: 'Describe the other kinds of request as well; until then nothing is learned.',
  };
  const undescribed = all
    .filter(([, { description, phrases }]) => description.trim() === '' && phrases.length === 0)
    .map(([id]) => ({
      path: ['categories', id],
      message: 'nothing but its name tells it apart until there is mail',
      remedy: 'Write a description, or phrases that customers would use.',
    }));
  return [...(all.length === 1 ? [alone] : []), ...undescribed];
}
