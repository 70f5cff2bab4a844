/** Reads what somebody types who sets Baton up. Each reader answers a value, or what is wrong with what was typed. */
import { parseStrictAddress, sameAddress } from '../address.ts';
import type { MemberId } from '../ids.ts';
import { fold } from '../roster.ts';
import { idOf, type Person, type ServerPlan, type TeamPlan } from './plan.ts';

export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly wrong: string };

const good = <Value>(value: Value): Read<Value> => ({ ok: true, value });
const bad = (wrong: string): Read<never> => ({ ok: false, wrong });

/** A reply token and its plus sign need 27 of the 64 octets of a local part. */
const INBOX_LOCAL_PART_MAX = 37;

export function readInboxAddress(typed: string): Read<string> {
  const address = parseStrictAddress(typed.trim());
  if (address === null) return bad('That is no mail address. It looks like office@elm.example.');
  if (address.lastIndexOf('@') > INBOX_LOCAL_PART_MAX)
    return bad(`The part before the @ may have ${INBOX_LOCAL_PART_MAX} characters at most.`);
  return good(address);
}

const PORTS = {
  imap: { implicit: 993, starttls: 143, none: 143 },
  smtp: { implicit: 465, starttls: 587, none: 25 },
} as const;

/** `host`, `host:port`, and behind it the kind of TLS where it is not the usual one. */
export function readServer(typed: string, protocol: 'imap' | 'smtp'): Read<ServerPlan> {
  const [place = '', kind, ...more] = typed.trim().split(/\s+/);
  const found = /^([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::(\d{1,5}))?$/.exec(place);
  const port = found?.[2] === undefined ? null : Number(found[2]);
  if (found?.[1] === undefined || more.length > 0 || port === 0 || (port ?? 1) > 65_535)
    return bad(
      'That is no server. It looks like imap.elm.example, imap.elm.example:993, mail.elm.example:143 starttls, or 127.0.0.1:143 none (without TLS, on this machine).',
    );
  if (kind !== undefined && kind !== 'implicit' && kind !== 'starttls' && kind !== 'none')
    return bad(`"${kind}" is none of implicit (encrypted from the start), starttls and none.`);
  const tls = kind ?? (port === 143 || port === 587 || port === 25 ? 'starttls' : 'implicit');
  return good({ host: found[1].toLowerCase(), port: port ?? PORTS[protocol][tls], tls });
}

/** As it is typed; the usual port and TLS are left out. */
export function serverText({ host, port, tls }: ServerPlan, protocol: 'imap' | 'smtp'): string {
  const read = readServer(`${host}:${port}`, protocol);
  const isUsual = read.ok && read.value.tls === tls;
  const place = port === PORTS[protocol].implicit && tls === 'implicit' ? host : `${host}:${port}`;
  return isUsual ? place : `${place} ${tls}`;
}

/**
 * `Priya Nair priya@elm.example`, with or without angle brackets; the ids of `known` are taken, and the address of the
 * inbox is nobody's.
 */
export function readPerson(typed: string, known: readonly Person[], inbox: string): Read<Person> {
  const found = /^(.*?)[\s,;<]*([^\s<>,;]+@[^\s<>,;]+)>?$/.exec(typed.trim().slice(0, 400));
  const address = parseStrictAddress(found?.[2] ?? '');
  if (address === null)
    return bad('A name and a mail address are needed, such as: Priya Nair priya@elm.example');
  const name = (found?.[1] ?? '').replace(/^["']|["']$/g, '').trim();
  if (name === '') return bad(`What is ${address} called? Give the name first: Priya Nair ${address}`);
  if (sameAddress(inbox, address))
    return bad(`${address} is what customers write to. Give ${name}'s own address: questions go there.`);
  const same = known.find((person) => sameAddress(person.address, address));
  if (same !== undefined)
    return bad(`${address} is ${same.name}'s already; each person needs an address of their own.`);
  return good({ id: freeId(name, known), name, address });
}

/** Those of whom another is called the same. */
export const namesakes = (people: readonly Person[]): readonly Person[] =>
  people.filter(({ id, name }) => people.some((other) => other.id !== id && fold(other.name) === fold(name)));

/** The first name, as people are called; with the last where two share it. */
function freeId(name: string, known: readonly Person[]): MemberId {
  const isFree = (id: string): boolean => id !== '' && !known.some((person) => person.id === id);
  const first = idOf(name.split(/\s+/)[0] ?? '');
  if (isFree(first)) return first;
  const whole = idOf(name) || 'member';
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? whole : `${whole}-${number}`;
    if (isFree(id)) return id;
  }
}

/** One of them by name, by part of a name, by id or by number in the list. */
export function readChoice(typed: string, people: readonly Person[]): Read<Person> {
  const wanted = typed.trim().toLowerCase();
  const number = /^\d{1,3}$/.test(wanted) ? people[Number(wanted) - 1] : undefined;
  if (number !== undefined) return good(number);
  const found = people.filter(
    ({ id, name, address }) =>
      id === wanted ||
      address.toLowerCase() === wanted ||
      name.toLowerCase().split(/\s+/).includes(wanted) ||
      name.toLowerCase() === wanted,
  );
  const [one, ...others] = found;
  if (one !== undefined && others.length === 0) return good(one);
  return bad(`Give one of: ${people.map(({ name, address }) => `${name} (${address})`).join(', ')}.`);
}

export function readZone(typed: string): Read<string> {
  try {
    return good(new Intl.DateTimeFormat('en', { timeZone: typed.trim() }).resolvedOptions().timeZone);
  } catch {
    return bad('That is no time zone. It looks like Europe/Berlin or America/New_York.');
  }
}

/** `repairs: priya, sam` */
export function readTeam(
  typed: string,
  people: readonly Person[],
  known: readonly TeamPlan[],
): Read<TeamPlan> {
  const [name = '', members] = typed.split(':', 2);
  const id = idOf(name);
  if (id === '' || members === undefined) return bad('A team looks like this: repairs: priya, sam');
  if (known.some((team) => team.id === id)) return bad(`There is a team "${id}" already.`);
  if (people.some((person) => person.id === id))
    return bad(`"${id}" is a person; give the team another name.`);
  const found = members
    .split(',')
    .filter((one) => one.trim() !== '')
    .map((one) => readChoice(one, people));
  const wrong = found.find((one) => !one.ok);
  if (wrong !== undefined && !wrong.ok) return bad(wrong.wrong);
  const ids = found.flatMap((one) => (one.ok ? [one.value.id] : []));
  return ids.length === 0
    ? bad('A team needs at least one member.')
    : good({ id, members: [...new Set(ids)] });
}

export function readLine(typed: string): Read<string> {
  const line = typed.trim();
  if (line === '') return bad('Something is needed here.');
  return line.length > 200 ? bad('That is too long for one line.') : good(line);
}

export function readYes(typed: string): Read<boolean> {
  const word = typed.trim().toLowerCase();
  if (word === 'y' || word === 'yes') return good(true);
  return word === 'n' || word === 'no' ? good(false) : bad('Answer yes or no.');
}
