/**
 * The commands that a form of the board stands for: the same values as lines of a mail are read as, so that what follows
 * cannot tell them apart. Nothing of a form's words is read for further commands.
 */
import type { Policy } from '../policy.ts';
import type { Command } from './command.ts';
import { readWhen } from './read-when.ts';
import type { When } from './when.ts';

export type FormFields = Readonly<Record<string, string>>;

/** The field that cannot be understood: nothing is done, and nobody is mailed about it. */
export type FormFault = 'verb' | 'when' | 'text' | 'to' | 'address' | 'category' | 'number';

/** Words that somebody types into a page; a mail has room for more. */
export const FORM_TEXT_MAX = 50_000;
const LINE_MAX = 320;

/**
 * `to` is a member's id, or a name as typed; `category` an id, or `none`. Order matters: words for the team are kept
 * before what they are about is decided.
 */
export function commandsFromForm(fields: FormFields, policy: Policy): readonly Command[] | FormFault {
  const text = (fields.text ?? '').slice(0, FORM_TEXT_MAX).trim();
  const note = (fields.note ?? '').slice(0, FORM_TEXT_MAX).trim() || null;
  const verb = fields.verb ?? '';
  switch (verb) {
    case 'accept':
    case 'take':
    case 'reopen':
    case 'send':
    case 'remind':
    case 'release':
    case 'split':
    case 'spam':
    case 'dismiss':
    case 'retry':
    case 'request':
      return [{ verb }];
    case 'note':
    case 'reply':
      return text === '' ? 'text' : [{ verb, text }];
    case 'done':
      return [{ verb, outcome: note }];
    case 'decline':
      return decline(fields, note);
    case 'category': {
      const name = lineOf(fields.category);
      return name === null ? 'category' : [{ verb, name, note }];
    }
    case 'handoff':
    case 'help-from': {
      const name = personNamed(fields.to, policy);
      if (name === null) return 'to';
      return verb === 'handoff' ? [{ verb, name, note, bare: false }] : [{ verb, name, what: text || note }];
    }
    case 'ask': {
      const address = lineOf(fields.address);
      if (address === null) return 'address';
      return text === '' ? 'text' : [{ verb, address, text }];
    }
    case 'add':
    case 'for': {
      const address = lineOf(fields.address);
      return address === null ? 'address' : [{ verb, address }];
    }
    case 'merge': {
      const into = /^#?([1-9]\d{0,8})$/.exec(fields.into?.trim() ?? '')?.[1];
      return into === undefined ? 'number' : [{ verb, into: Number(into) }];
    }
    case 'snooze': {
      const until = whenOf(fields.when);
      return until === null ? 'when' : [{ verb, until, reason: note }];
    }
    case 'due': {
      const by = whenOf(fields.when);
      return by === null ? 'when' : [{ verb, by }];
    }
    case 'away':
      return away(fields, policy);
    case 'back':
      return [{ verb, who: personNamed(fields.who, policy) }];
    default:
      return 'verb';
  }
}

/** A no for another team says which; why in words stands beside it as a note. */
function decline(fields: FormFields, note: string | null): readonly Command[] | FormFault {
  if ((fields.category ?? '') === '') return [{ verb: 'decline', reason: note }];
  const reason = lineOf(fields.category);
  if (reason === null) return 'category';
  return [...(note === null ? [] : [{ verb: 'note', text: note } as const]), { verb: 'decline', reason }];
}

function away(fields: FormFields, policy: Policy): readonly Command[] | FormFault {
  const until = whenOf(fields.until ?? fields.when);
  const from = (fields.from ?? '').trim() === '' ? undefined : whenOf(fields.from);
  if (until === null || from === null) return 'when';
  const cover = personNamed(fields.cover, policy);
  const who = personNamed(fields.who, policy);
  return [{ verb: 'away', who, ...(from !== undefined && { from }), until, cover }];
}

/** The whole of it, and nothing but a time; `2026-03-05T14:00` is what browsers send of a calendar. */
function whenOf(typed: string | undefined): When | null {
  const line = (typed ?? '')
    .slice(0, LINE_MAX)
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)$/, '$1 $2');
  const read = readWhen(line);
  return read !== null && /^[\s.]*$/.test(line.slice(read.length)) ? read.when : null;
}

function lineOf(typed: string | undefined): string | null {
  const line = (typed ?? '').slice(0, LINE_MAX).trim();
  return line === '' ? null : line;
}

/** By address, which is one person's alone; two may be called alike. */
function personNamed(typed: string | undefined, policy: Policy): string | null {
  const line = lineOf(typed);
  return line === null ? null : (policy.members.get(line)?.addresses[0] ?? line);
}
