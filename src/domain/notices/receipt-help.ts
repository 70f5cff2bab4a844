/** All that a member can say, in groups; and the few answers that fit at the moment. */
import { categoriesOf } from '../learning/categories.ts';
import { isManagerOf } from '../roster.ts';
import { type Block, command, heading, list, paragraph, type Span, say } from './doc.ts';
import { listedIn } from './listed.ts';
import { isAboutParked, parkedChoices, parkedMail } from './receipt-parked.ts';
import { customerOf, isReader, type Scene } from './scene.ts';

/** What stands in angle brackets elsewhere stands in capitals here: NAME, TEXT. */
export function helpBlocks(scene: Scene): readonly Block[] {
  if (isAboutParked(scene)) {
    return [
      paragraph(say`About the ${parkedMail(scene)}, which could not be read, you can say:`),
      parkedChoices(),
      heading(say`You`),
      list(aboutYou(scene)),
    ];
  }
  if (scene.view.request === null) {
    return [
      paragraph(
        say`What concerns a request you say in answer to a mail about it, or to a mail that lists it, with its number in front: ${command('17 done')}. Here you can say:`,
      ),
      list([...aboutListed(scene), ...aboutYou(scene)]),
    ];
  }
  const customer = customerOf(scene);
  return [
    paragraph(
      say`Begin your answer with one of these. What is in capitals you fill in; a TEXT may go on below.`,
    ),
    heading(say`Is it yours?`),
    list([
      say`${command('accept')} (or ${command('yes')}): you take what you are asked to take`,
      say`${command('decline')}: you do not; a reason may follow after a colon`,
      say`${command('handoff to NAME')}: they are asked to take it; a note may follow after a comma`,
      say`${command('take')}: you take it without being asked, while nobody has it`,
      ...sayingWhat(scene),
    ]),
    heading(say`To write`),
    list([
      say`${command('reply: TEXT')}: the text goes to ${customer}`,
      say`${command('send')}: what we kept as a note goes to ${customer}`,
      say`${command('release')}: an answer that waits goes out as it is`,
      say`${command('note: TEXT')}: it is kept and goes to nobody outside`,
      say`${command('add ADDRESS')}: in copy of what ${customer} is sent`,
    ]),
    heading(say`To get help`),
    list([
      say`${command('help from NAME: QUESTION')}: a colleague; it stays yours`,
      say`${command('ask ADDRESS: QUESTION')}: somebody outside, who sees only that`,
      say`${command('remind')}: whoever it waits for is asked to look at it`,
    ]),
    heading(say`When, and whether it is finished`),
    list([
      say`${command('snooze until DAY')}: laid aside until then, or until ${customer} writes`,
      say`${command('due DAY')}: you hear from us when it comes`,
      say`${command('done')}: it is finished; what came of it may follow after a colon`,
      say`${command('reopen')}: it is not finished after all`,
      say`${command('spam')}: closed, nobody is answered`,
    ]),
    heading(say`What belongs where`),
    list([
      say`${command('split')}: the latest mail becomes a request of its own`,
      say`${command('merge #NUMBER')}: this goes on in the other request`,
      say`${command('for ADDRESS')}: it is the request of somebody else`,
    ]),
    heading(say`You`),
    list([say`${command('status')}: how this request stands`, ...aboutYou(scene)]),
  ];
}

/** Where kinds of request are told apart. */
const sayingWhat = ({ view: { policy, inbox } }: Scene): readonly (readonly Span[])[] =>
  categoriesOf(policy, inbox.id).length === 0
    ? []
    : [say`${command('category NAME')}: what it is; while nobody has it, who takes care of that is asked`];

/** What a mail that listed requests may be answered with. */
function aboutListed({ view }: Scene): readonly (readonly Span[])[] {
  const [first] = listedIn(view.notice.body) ?? [];
  if (first === undefined) return [];
  const id = first.conversationId;
  return [
    say`${command(`${id} done`)}, ${command(`${id} remind`)}, ${command(`${id} handoff to NAME`)}, ${command(`${id} reply: TEXT`)}: about one of the requests that were listed, with its number in front`,
  ];
}

/** What needs no request to be said about. */
function aboutYou(scene: Scene): readonly (readonly Span[])[] {
  const { policy, inbox } = scene.view;
  const manages = scene.reader !== null && isManagerOf(policy, scene.reader, inbox.id);
  return [
    say`${command('my requests')}: all that you have`,
    say`${command('away until DAY, cover NAME')}, or ${command('away from DAY until DAY')}: others are asked meanwhile; ${command('back')} ends it`,
    ...(manages
      ? [
          say`${command('NAME away until DAY')}, ${command('NAME back')}: the same for a colleague`,
          say`${command('new: TEXT')}: a phone call becomes a request`,
        ]
      : []),
  ];
}

/** After an answer that was not understood: the few that fit, not all there are. */
export function fitting(scene: Scene): Block {
  const { request } = scene.view;
  if (isAboutParked(scene)) return parkedChoices();
  if (request === null) return list([...aboutListed(scene), ...aboutYou(scene)]);
  const customer = customerOf(scene);
  const { state } = request;
  const write = say`${command('reply:')} and your text: it goes to ${customer}`;
  const pass = say`${command('handoff to')} and a name: that person is asked to take it`;
  if (state.offer !== null && isReader(scene, state.offer.to)) {
    // How to take it and how to say no stands above.
    return list([...(state.offer.acceptBy === null ? [] : [pass]), ...sayingWhat(scene), write]);
  }
  if (state.phase === 'done') return list([say`${command('reopen')}: it is not finished after all`]);
  return list([
    write,
    say`${command('note:')} and your text: it goes to nobody outside`,
    pass,
    say`${command('done')}: it is finished`,
    say`${command('status')}: how it stands`,
  ]);
}
