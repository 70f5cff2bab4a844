/** Mails that tell whose a request is now, when its reader did not do it themselves. */
import type { MemberId } from '../ids.ts';
import { whoWasAsked } from './asking.ts';
import { type Block, command, type Doc, paragraph, type Span, say, strong } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { footer, latestFromCustomer, noteQuote, whoseNow } from './parts.ts';
import { isReader, nameOf, nameOrYou, requestOf, type Scene } from './scene.ts';

const present = (blocks: readonly (Block | null)[]): Doc => blocks.filter((block) => block !== null);

const NothingToDo = say`There is nothing you need to do.`;

export function handoffOutcome(scene: Scene, body: NoticeBody & { readonly kind: 'handoff-outcome' }): Doc {
  const to = nameOf(scene, body.to);
  if (body.outcome === 'accepted') {
    return present([paragraph(say`${to} has taken this.`, NothingToDo), footer(scene)]);
  }
  return present([
    paragraph(outcomeWords(to, body, scene), stillWhose(scene)),
    noteQuote(scene, body.to, body.note),
    isReader(scene, requestOf(scene).state.owner) && body.outcome !== 'passed-on'
      ? paragraph(say`To ask somebody else, answer ${command('handoff to')} and a name.`)
      : null,
    footer(scene),
  ]);
}

function outcomeWords(
  to: Span,
  { outcome, passedTo }: NoticeBody & { readonly kind: 'handoff-outcome' },
  scene: Scene,
): readonly Span[] {
  switch (outcome) {
    case 'accepted':
      return say`${to} said yes.`;
    case 'declined':
      return say`${to} said\u00a0no.`;
    case 'lapsed':
      return say`${to} did not answer in time.`;
    case 'unreachable':
      return say`${to} could not be reached.`;
    case 'absent':
      return say`${to} is away.`;
    case 'member-left':
      return say`${to} has left the team.`;
    case 'passed-on':
      return passedTo === null
        ? say`${to} said\u00a0no.`
        : say`${to} said\u00a0no and asked ${nameOrYou(scene, passedTo)} instead.`;
    default:
      return outcome satisfies never;
  }
}

/** The state may be later than what the notice tells of, so it says how things are, not what followed. */
function stillWhose(scene: Scene): readonly Span[] {
  const { state } = requestOf(scene);
  if (state.owner !== null || state.accountable === null) return whoseNow(scene, state);
  const asked: MemberId | null = state.offer?.to ?? null;
  return asked === null
    ? whoseNow(scene, state)
    : say`Now we ask ${nameOrYou(scene, asked)}. ${whoseNow(scene, state)}`;
}

export function withdrawn(scene: Scene, body: NoticeBody & { readonly kind: 'withdrawn' }): Doc {
  return present([
    paragraph(strong('No\u00a0need to answer any more.'), withdrawnWhy(scene, body)),
    footer(scene),
  ]);
}

function withdrawnWhy(
  scene: Scene,
  { why, owner }: NoticeBody & { readonly kind: 'withdrawn' },
): readonly Span[] {
  const whose = owner === null ? null : isReader(scene, owner) ? say`It is yours.` : has(scene, owner);
  switch (why) {
    case 'taken':
      return owner === null ? say`Somebody has taken this.` : say`${nameOrYou(scene, owner)} took this.`;
    case 'offered-to-another':
      return say`Somebody else is asked now.${whose === null ? null : say` ${whose}`}`;
    case 'done':
      return owner === null ? say`This is finished.` : say`${nameOrYou(scene, owner)} finished this.`;
    case 'member-left':
      return say`Somebody has left the team. ${whose ?? say`Others are asked now.`}`;
    case 'reopened':
      return say`This was opened again. ${whose ?? say`Others are asked now.`}`;
    case 'owner-back':
      return owner === null || isReader(scene, owner)
        ? say`Its owner is back.${whose === null ? null : say` ${whose}`}`
        : say`${nameOf(scene, owner)} is back and has it.`;
    case 'owner-acted':
      return owner === null || isReader(scene, owner)
        ? say`It goes on.${whose === null ? null : say` ${whose}`}`
        : say`${nameOf(scene, owner)} goes on with it.`;
    default:
      return why satisfies never;
  }
}

const has = (scene: Scene, owner: MemberId): readonly Span[] => say`${nameOf(scene, owner)} has it.`;

export function movedUp(scene: Scene, body: NoticeBody & { readonly kind: 'moved-up' }): Doc {
  return present([
    paragraph(say`Nobody took this. ${nameOf(scene, body.to)} has it from here; you need do nothing.`),
    whoWasAsked(scene),
    paragraph(say`To have it all the same, answer ${command('take')}.`),
    footer(scene),
  ]);
}

export function inherited(scene: Scene, body: NoticeBody & { readonly kind: 'inherited' }): Doc {
  const { state } = requestOf(scene);
  const asked = state.offer?.to ?? null;
  return present([
    paragraph(
      asked === null || isReader(scene, asked)
        ? strong('This is yours now.')
        : say`Until ${nameOf(scene, asked)} accepts, ${strong('this is yours')}.`,
      say`${nameOf(scene, body.from)}, who had it, has left the team.`,
    ),
    paragraph(
      say`To have it yourself, answer ${command('take')}. To ask somebody, answer ${command('handoff to')} and a name.`,
    ),
    ...latestFromCustomer(scene),
    footer(scene),
  ]);
}

export function takenOver(scene: Scene, body: NoticeBody & { readonly kind: 'taken-over' }): Doc {
  return present([
    paragraph(
      say`${nameOf(scene, body.by)} has taken this over from you and answers for it now.`,
      NothingToDo,
    ),
    paragraph(
      say`If ${nameOf(scene, body.by)} should know something, answer ${command('note:')} and your text.`,
    ),
    footer(scene),
  ]);
}

export function doneByOther(scene: Scene, body: NoticeBody & { readonly kind: 'done-by-other' }): Doc {
  return present([
    paragraph(say`${nameOf(scene, body.by)} finished this for you.`, NothingToDo),
    noteQuote(scene, body.by, body.note),
    paragraph(say`If it is not finished after all, answer ${command('reopen')}.`),
    footer(scene),
  ]);
}
