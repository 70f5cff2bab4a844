/** Commands about the request that was answered: names become members, times become instants, words become texts. */
import type { Command } from '../../domain/command/command.ts';
import { resolveWhen, type When } from '../../domain/command/when.ts';
import type { MemberCommand } from '../../domain/conversation/commands.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/policy.ts';
import type { Rejection } from '../../domain/rejections.ts';
import { type Resolved, resolveName } from '../../domain/roster.ts';
import type { ReplyWork } from './reply-work.ts';

type RequestVerb = Exclude<MemberCommand['verb'], 'category'>;
export type RequestCommand = Command & { readonly verb: RequestVerb };

const RequestVerbs: Readonly<Record<RequestVerb, true>> = {
  accept: true,
  take: true,
  decline: true,
  handoff: true,
  done: true,
  spam: true,
  reopen: true,
  note: true,
  reply: true,
  send: true,
  release: true,
  'help-from': true,
  ask: true,
  add: true,
  snooze: true,
  due: true,
  remind: true,
};

export const isAboutRequest = (command: Command): command is RequestCommand =>
  Object.hasOwn(RequestVerbs, command.verb);

export function carryOutOnRequest(work: ReplyWork, typed: RequestCommand): void {
  const resolved = resolve(work, typed);
  if ('code' in resolved) work.refuse(typed.verb, resolved);
  else work.command(resolved);
}

function resolve(work: ReplyWork, typed: RequestCommand): MemberCommand | Rejection {
  switch (typed.verb) {
    case 'accept':
    case 'take':
    case 'reopen':
    case 'send':
    case 'release':
    case 'remind':
    case 'spam':
      return { verb: typed.verb };
    case 'decline':
      return { verb: 'decline', note: work.text(typed.reason) };
    case 'done':
      return { verb: 'done', note: work.text(typed.outcome) };
    case 'note':
    case 'reply': {
      const text = work.text(typed.text);
      return text === null ? { code: 'no-text' } : { verb: typed.verb, text };
    }
    case 'handoff': {
      const found = resolveName(work.given.policy, typed.name);
      if (found.type === 'one') return { verb: 'handoff', to: found.member.id, note: work.text(typed.note) };
      work.keep(typed.note);
      return notOne(found);
    }
    case 'help-from': {
      const found = resolveName(work.given.policy, typed.name);
      if (found.type === 'one')
        return { verb: 'help-from', to: found.member.id, text: work.text(typed.what) };
      work.keep(typed.what);
      return notOne(found);
    }
    case 'ask':
      return ask(work, typed.address, typed.text);
    case 'add': {
      const contact = work.contact(typed.address);
      return typeof contact === 'string' ? { verb: 'add', contact } : contact;
    }
    case 'snooze': {
      const until = instantOf(work.given.now, typed.until, work.writer(), 'start');
      if (typeof until === 'number') return { verb: 'snooze', until, note: work.text(typed.reason) };
      return until;
    }
    case 'due': {
      const by = instantOf(work.given.now, typed.by, work.writer(), 'end');
      return typeof by === 'number' ? { verb: 'due', by } : by;
    }
    default:
      return typed satisfies never;
  }
}

function ask(work: ReplyWork, address: string, words: string): MemberCommand | Rejection {
  const contact = work.contact(address);
  if (typeof contact !== 'string') {
    work.keep(words);
    return contact;
  }
  const text = work.text(words);
  return text === null ? { code: 'no-text' } : { verb: 'ask', contact, text };
}

/** In the zone and the hours of whom it is about; a day without a time begins or ends as their work does. */
export function instantOf(
  now: Instant,
  when: When,
  { schedule }: Member,
  edge: 'start' | 'end',
): Instant | Rejection {
  const found = resolveWhen(when, { now, schedule, edge });
  if (found.type === 'at') return found.at;
  return { code: found.type === 'past' ? 'time-past' : 'time-too-far' };
}

export function notOne(found: Exclude<Resolved, { type: 'one' }>): Rejection {
  switch (found.type) {
    case 'none':
      return { code: 'unknown-name', closest: found.closest.map(({ id }) => id) };
    case 'several':
      return { code: 'several-names', members: found.members.map(({ id }) => id) };
    case 'inactive':
      return { code: 'inactive-member', member: found.member.id };
    default:
      return found satisfies never;
  }
}
