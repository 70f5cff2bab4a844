/**
 * What a reader may do with a request now, as forms: likeliest first. Whether a verb is offered is asked of the function
 * that decides it in earnest; whoever sends the form is judged by it again.
 */
import type { BoardRequest } from '../../../../app/ports/board.ts';
import { decideCommand, type MemberCommand } from '../../../../domain/conversation/commands.ts';
import { mayDecide } from '../../../../domain/conversation/entitled.ts';
import type { Conversation } from '../../../../domain/conversation/state.ts';
import { beginStep } from '../../../../domain/conversation/step.ts';
import type { MemberId } from '../../../../domain/ids.ts';
import { HOUR } from '../../../../domain/instant.ts';
import { isHere } from '../../../../domain/roster.ts';
import { type Html, html } from '../../html.ts';
import { customerWord, type Look, nameOf } from './look.ts';
import { orderFields } from './order-fields.ts';
import { memberField, NOTHING } from './parts.ts';

type Verb = MemberCommand['verb'] | 'merge' | 'for';

/** What a verb looks like: a button alone, or a form that unfolds. */
type Form = {
  readonly label: string;
  /** What pressing it means, where the label does not say it all. */
  readonly hint?: string;
  readonly fields?: (look: Look, request: BoardRequest) => Html;
};

export function verbForms(look: Look, request: BoardRequest): Html {
  const verbs = offeredVerbs(look, request.state);
  if (verbs.length === 0) return NOTHING;
  const forms = verbs.map((verb) => ({ verb, form: formOf(verb, look, request) }));
  const buttons = forms.filter(({ form }) => form.fields === undefined);
  const unfolding = forms.filter(({ form }) => form.fields !== undefined);
  const opens = look.viewer.member === request.state.owner ? unfolding[0]?.verb : undefined;
  return html`<section class="panel verbs" aria-labelledby="do"><h2 id="do">${askedOf(look, request)}</h2>
${
  buttons.length === 0
    ? NOTHING
    : html`<div class="first">${buttons.map(({ verb, form }, index) => html`<form method="post" action="/requests/${request.id}/orders">${hidden(look, request, verb)}<button class="${index === 0 ? 'primary' : ''}" id="do-${verb}">${form.label}</button></form>`)}</div>`
}
${unfolding.slice(0, AT_HAND).map(({ verb, form }) => unfolds(look, request, verb, form, verb === opens))}${
  unfolding.length <= AT_HAND
    ? NOTHING
    : html`<details class="more" data-key="more"><summary>More</summary><div>${unfolding.slice(AT_HAND).map(({ verb, form }) => unfolds(look, request, verb, form, false))}</div></details>`
}</section>`;
}

/** More at once is a list to search through; the others are one step away. */
const AT_HAND = 4;

const unfolds = (
  look: Look,
  request: BoardRequest,
  verb: Verb,
  { label, hint, fields }: Form,
  open: boolean,
): Html =>
  html`<details data-key="${verb}"${open ? html` open` : NOTHING}><summary>${label}</summary><form method="post" action="/requests/${request.id}/orders">${hint === undefined ? NOTHING : html`<p>${hint}</p>`}${hidden(look, request, verb)}${fields?.(look, request) ?? NOTHING}<button class="primary" id="do-${verb}">${label}</button></form></details>`;

function askedOf(look: Look, { state: { offer, owner, phase } }: BoardRequest): string {
  if (phase === 'done') return 'Anything more?';
  if (offer?.to === look.viewer.member) {
    const who = offer.by === null ? '' : `${nameOf(look, offer.by)} asks: `;
    return `${who}${who === '' ? 'Can' : 'can'} you take this?`;
  }
  return owner === look.viewer.member ? 'It is yours' : 'What you can do';
}

/** With what they had been shown: an answer that missed a newer mail waits. */
const hidden = (look: Look, { state }: BoardRequest, verb: Verb): Html =>
  html`${orderFields(look, verb)}<input type="hidden" name="shown" value="${state.lastCustomerMessage}"><input type="hidden" name="answered" value="${state.lastAnswer?.seq ?? 0}">`;

const ASKED: readonly Verb[] = ['accept', 'decline', 'handoff', 'reply', 'category', 'done', 'note', 'spam'];
const OWNS: readonly Verb[] = [
  'release',
  'reply',
  'done',
  'handoff',
  'snooze',
  'due',
  'help-from',
  'ask',
  'note',
  'add',
  'category',
  'merge',
  'for',
  'spam',
];
const OTHERS: readonly Verb[] = [
  'take',
  'remind',
  'release',
  'handoff',
  'category',
  'note',
  'reply',
  'done',
  'merge',
  'for',
  'spam',
];
const ENDED: readonly Verb[] = ['reopen', 'note'];

/** Those that would be carried out if they were ordered now. */
function offeredVerbs(look: Look, state: Conversation): readonly Verb[] {
  const { viewer, policy } = look;
  const now = Math.max(look.now, state.lastEventAt + 1);
  const list =
    state.phase === 'done'
      ? ENDED
      : state.offer?.to === viewer.member
        ? ASKED
        : state.owner === viewer.member
          ? OWNS
          : OTHERS;
  const context = {
    by: viewer.member,
    messageId: null,
    shown: state.lastCustomerMessage,
    answered: state.lastAnswer?.seq ?? 0,
    now,
    policy,
  };
  const decides = mayDecide(beginStep(policy, state.id, state, now), viewer.member);
  const somebody = colleagues(look, state)[0];
  return list.filter((verb) => {
    if (verb === 'merge' || verb === 'for') return decides;
    const command = triedAs(verb, now, somebody, [...policy.categories.keys()][0]);
    return command !== null && decideCommand(state, command, context).result.ok;
  });
}

/** Stands for words that nobody has written yet. */
const WORDS = '00000000-0000-0000-0000-000000000000';
const UNSAID = { code: 'chosen', sentence: '' } as const;

function triedAs(
  verb: MemberCommand['verb'],
  now: number,
  somebody: MemberId | undefined,
  category: string | undefined,
): MemberCommand | null {
  switch (verb) {
    case 'handoff':
    case 'help-from':
      return somebody === undefined
        ? null
        : verb === 'handoff'
          ? { verb, to: somebody, note: null }
          : { verb, to: somebody, text: null };
    case 'category':
      return category === undefined
        ? null
        : { verb, chosen: { category, chain: [], reason: UNSAID, said: UNSAID }, note: null };
    case 'decline':
    case 'done':
      return { verb, note: null };
    case 'note':
    case 'reply':
      return { verb, text: WORDS };
    case 'ask':
      return { verb, contact: WORDS, text: WORDS };
    case 'add':
      return { verb, contact: WORDS };
    case 'snooze':
      return { verb, until: now + HOUR, note: null };
    case 'due':
      return { verb, by: now + HOUR };
    default:
      return { verb };
  }
}

/** Whoever is in the team and does not have it, those who are here first. */
function colleagues({ policy, viewer, now }: Look, { owner }: Conversation): readonly MemberId[] {
  return [...policy.members.values()]
    .filter(({ id, active }) => active && id !== owner && id !== viewer.member)
    .map(({ id, name }) => ({ id, name, here: isHere(policy, id, now) }))
    .sort((a, b) => Number(b.here) - Number(a.here) || a.name.localeCompare(b.name))
    .map(({ id }) => id);
}

function formOf(verb: Verb, look: Look, request: BoardRequest): Form {
  const customer = customerWord(look, request.inboxId);
  const isTheirs = request.state.owner === look.viewer.member;
  switch (verb) {
    case 'accept':
      return { label: 'Accept' };
    case 'take':
      return { label: 'Take it' };
    case 'remind':
      return { label: 'Remind' };
    case 'release':
      return { label: 'Send the answer that waits' };
    case 'reopen':
      return { label: 'Open it again' };
    case 'send':
      return { label: 'Send my last words' };
    case 'spam':
      return {
        label: 'Spam',
        hint: 'It is done, nobody is answered, and nothing is learned from it.',
        fields: () => NOTHING,
      };
    case 'decline':
      return {
        label: 'Decline',
        hint: 'The next person is asked at once.',
        fields: () => textField(verb, 'note', 'Why, for whoever is asked next (may stay empty)'),
      };
    case 'handoff':
      return {
        label: 'Hand off',
        hint: 'You answer for it until they accept.',
        fields: (_look, { state }) =>
          html`${whom(verb, look, state, 'To')}${textField(verb, 'note', 'A note for them (may stay empty)')}`,
      };
    case 'help-from':
      return {
        label: 'Ask a colleague',
        hint: 'It stays yours.',
        fields: (_look, { state }) =>
          html`${whom(verb, look, state, 'Whom')}${textField(verb, 'text', 'What do you need?')}`,
      };
    case 'reply':
      return {
        label: `Answer the ${customer}`,
        ...(!isTheirs && {
          hint:
            request.state.owner === null
              ? 'Whoever answers has it from then on.'
              : `It goes out when ${nameOf(look, request.state.owner)} says so.`,
        }),
        fields: () => textField(verb, 'text', 'Your answer', true),
      };
    case 'done':
      return { label: 'Done', fields: () => textField(verb, 'note', 'What came of it (may stay empty)') };
    case 'note':
      return {
        label: 'Leave a note',
        hint: `The team reads it, the ${customer} does not.`,
        fields: () => textField(verb, 'text', 'Your note', true),
      };
    case 'snooze':
      return {
        label: 'Let it rest',
        fields: () =>
          html`${lineField(verb, 'when', 'Until', 'tomorrow 9:00, or Friday')}${textField(verb, 'note', 'Why (may stay empty)')}`,
      };
    case 'due':
      return {
        label: 'Set a date',
        hint: 'You hear of it when the time has come.',
        fields: () => lineField(verb, 'when', 'Finished by', 'Friday 12:00'),
      };
    case 'ask':
      return {
        label: 'Ask somebody outside',
        fields: () =>
          html`${lineField(verb, 'address', 'Their address', 'name@company.example')}${textField(verb, 'text', 'Your question', true)}`,
      };
    case 'add':
      return {
        label: 'Put in copy',
        fields: () => lineField(verb, 'address', 'Their address', 'name@company.example'),
      };
    case 'category':
      return { label: 'Say what it is', fields: () => categories(look) };
    case 'merge':
      return {
        label: 'Make it a part of another',
        fields: () => lineField(verb, 'into', 'The number of the other request', '#1042'),
      };
    case 'for':
      return {
        label: 'Say whose it is',
        hint: 'Answers go there from then on.',
        fields: () => lineField(verb, 'address', `The address of the ${customer}`, 'name@company.example'),
      };
    default:
      return verb satisfies never;
  }
}

/** Names of fields repeat from form to form on one page, ids must not. */
const fieldId = (verb: Verb, name: string): string => `${verb}-${name}`;

function textField(verb: Verb, name: string, label: string, required = false): Html {
  const id = fieldId(verb, name);
  return html`<label for="${id}">${label}</label><textarea id="${id}" name="${name}" maxlength="50000"${required ? html` required` : NOTHING}></textarea>`;
}

function lineField(verb: Verb, name: string, label: string, example: string): Html {
  const id = fieldId(verb, name);
  return html`<label for="${id}">${label}</label><input id="${id}" name="${name}" maxlength="320" placeholder="${example}" autocomplete="off" required>`;
}

function whom(verb: Verb, look: Look, state: Conversation, label: string): Html {
  const people = colleagues(look, state).map((member) => ({
    value: member,
    label: `${nameOf(look, member)}${isHere(look.policy, member, look.now) ? '' : ' (away)'}`,
  }));
  return memberField({ id: fieldId(verb, 'to'), name: 'to', label, first: null }, people);
}

function categories(look: Look): Html {
  const id = fieldId('category', 'name');
  return html`<label for="${id}">It is</label><select id="${id}" name="category" required><option value="">Choose</option>${[
    ...look.policy.categories.values(),
  ].map(({ id: category, name }) => html`<option value="${category}">${name}</option>`)}</select>`;
}
