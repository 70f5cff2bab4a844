/** Mails about help: the question to a colleague, what a helper answered, and that one stays silent. */
import {
  command,
  type Doc,
  heading,
  named,
  needed,
  paragraph,
  quotation,
  type Span,
  say,
  spare,
  value,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import {
  Full,
  filesByName,
  footer,
  latestFromCustomer,
  noteQuote,
  plainFooter,
  quoteOf,
  toWrite,
  whoseNow,
} from './parts.ts';
import {
  at,
  customerOf,
  helperOf,
  isReader,
  messageOf,
  nameOf,
  nameOrYou,
  requestOf,
  type Scene,
  shortName,
  textOf,
} from './scene.ts';

/** All that its reader answers is the answer, whatever it begins with: no other command is named here. */
export function helpAsked(scene: Scene, body: NoticeBody & { readonly kind: 'help-asked' }): Doc {
  const name = nameOf(scene, body.by);
  const { accountable } = requestOf(scene).state;
  const latest = latestFromCustomer(scene);
  return [
    needed(
      'question',
      paragraph(
        body.reminder
          ? say`${value('by', name)} still waits for your help.`
          : say`${value('by', name)} asks for your help.`,
        say`Just answer this mail. Your answer and its files go to ${name}, not to ${customerOf(scene)}.`,
        accountable === null || isReader(scene, accountable)
          ? null
          : say`The request stays with ${spare('answerable', nameOf(scene, accountable))}.`,
      ),
    ),
    noteQuote(scene, body.by, body.text),
    latest.length === 0 ? null : named('mails', heading(say`What it is about`)),
    ...latest,
    named('others', paragraph(say`You cannot help? Say so in the same way, so that ${name} need not wait.`)),
    plainFooter(scene),
  ].filter((block) => block !== null);
}

const QUESTION_MAX = 200;

export function helpAnswered(scene: Scene, body: NoticeBody & { readonly kind: 'help-answered' }): Doc {
  const helper = helperOf(scene, body.of);
  const customer = customerOf(scene);
  return [
    needed(
      'news',
      paragraph(
        say`${value('helper', helper)} answered${questionOf(scene, body.help)}.`,
        say`${customer} has not seen it. ${toWrite(scene)}`,
      ),
    ),
    answerQuote(scene, body, helper),
    named('whose', paragraph(whoseNow(scene, requestOf(scene).state))),
    footer(scene),
  ];
}

/** ` what you asked ("…")`, as far as it is known. */
function questionOf(scene: Scene, help: number): readonly Span[] | null {
  const asked = requestOf(scene).events.find(({ seq }) => seq === help);
  if (asked?.type !== 'help-asked') return null;
  const text = textOf(scene, asked.text);
  const what = text === null || !scene.withWords ? null : say` (${quotation(text, QUESTION_MAX)})`;
  return say` what ${nameOrYou(scene, asked.by)} asked${what}`;
}

function answerQuote(
  scene: Scene,
  body: NoticeBody & { readonly kind: 'help-answered' },
  helper: Span,
): Doc[number] {
  const message = messageOf(scene, body.messageId);
  const text = body.of.type === 'member' ? textOf(scene, body.text) : (message?.text ?? null);
  const when = message === null ? null : say`, ${at(scene, message.storedAt)}`;
  const names = filesByName(scene, message?.attachments ?? []);
  const files = names === null ? null : say`Files: ${names}.`;
  return named('answer', quoteOf(scene, say`${helper}${when}:`, text ?? '', Full, files));
}

export function helpSilent(scene: Scene, body: NoticeBody & { readonly kind: 'help-silent' }): Doc {
  const helper = helperOf(scene, body.of);
  const text = textOf(scene, body.text);
  const question = text === null || !scene.withWords ? null : say` (${quotation(text, QUESTION_MAX)})`;
  const again =
    body.of.type === 'member'
      ? command(`help from ${shortName(scene, body.of.member)}: can you …?`)
      : command('ask joe@plumber.example: can you …?');
  return [
    needed(
      'news',
      paragraph(
        say`${value('helper', helper)} has not answered since ${value('asked', at(scene, body.asked))}${question}, and was reminded once.`,
        say`We do not ask again by ourselves.`,
      ),
    ),
    named('others', paragraph(say`To ask again, or somebody else, answer for example ${again}.`)),
    named('whose', paragraph(whoseNow(scene, requestOf(scene).state))),
    footer(scene),
  ];
}
