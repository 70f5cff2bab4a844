/**
 * A quarter lived on the virtual clock: every mail goes through Baton itself, everybody who is asked answers by mail, as
 * the work is really shared out at the time, and what is learned is learned from what they answered.
 */
import { splitPlus } from '../../../src/domain/address.ts';
import type { ConversationId, MemberId } from '../../../src/domain/ids.ts';
import { DAY, type Instant, MINUTE } from '../../../src/domain/instant.ts';
import { chanceOf } from '../year/chance.ts';
import { letters } from '../year/letters.ts';
import { type Office, openOffice, type SeenMail } from '../year/office.ts';
import { learner } from './learner.ts';
import { type MailPlan, type TenantMail, tenantMails } from './mails.ts';
import { categoryOf, FRONT_DESK, holdersOf, INBOX, policyIn } from './team.ts';

/** What was learned may decide nothing, is learned once and kept, or is learned again each night. */
export const Ways = ['rules only', 'fixed model', 'learning'] as const;
export type Way = (typeof Ways)[number];

/** How the first question about each request of a week ended. */
export type Week = {
  readonly requests: number;
  readonly firstAccepted: number;
  /** The first asked was the front desk, which asked somebody else. */
  readonly frontDesk: number;
  /** The first asked was somebody who does not have such things. */
  readonly wrong: number;
};

/** After so many days the fixed model is made of what was decided until then. */
const FIXED_AFTER = 14;
/** Some who are asked in vain say what it is, the others hand it on. */
const NAMES_IT = 0.6;
const ANSWERS_AFTER = 5 * MINUTE;

type Live = {
  readonly office: Office;
  readonly letter: ReturnType<typeof letters>;
  readonly plan: MailPlan;
  /** What each request is really about. */
  readonly about: Map<ConversationId, TenantMail>;
  readonly fresh: { readonly mail: SeenMail; readonly key: string }[];
};

export async function liveQuarter(
  plan: MailPlan,
  way: Way,
  options: { readonly progress?: (at: Instant) => void } = {},
): Promise<readonly Week[]> {
  const letter = letters();
  const fresh: Live['fresh'] = [];
  const learning = learner(plan.seed);
  const mode = way === 'rules only' ? 'off' : 'assign';
  const office = await openOffice({
    start: plan.start,
    letters: letter,
    policy: policyIn(0, mode),
    model: learning.model,
    take(mail, { envelopeFrom }) {
      fresh.push({ mail, key: splitPlus(envelopeFrom).tag ?? '' });
      return { type: 'accepted', response: '250 kept' };
    },
  });
  const live: Live = { office, letter, plan, about: new Map(), fresh };
  let day = 0;
  for (const mail of tenantMails(plan)) {
    const today = Math.floor((mail.at - plan.start) / DAY);
    if (today > day) {
      day = today;
      if (way === 'learning' || (way === 'fixed model' && day === FIXED_AFTER)) learning.learn(office);
      await office.configure(policyIn(weekOf(plan, mail.at), mode));
    }
    await arrive(live, mail);
    options.progress?.(mail.at);
  }
  if (office.errors.length > 0) throw new Error(`bug: ${office.errors[0]}`);
  return weeksOf(live);
}

const weekOf = ({ start }: MailPlan, at: Instant): number => Math.floor((at - start) / (7 * DAY));

async function arrive(live: Live, mail: TenantMail): Promise<void> {
  const { office, letter, about } = live;
  office.clock.set(Math.max(office.clock.now(), mail.at));
  const { from, subject, text } = mail;
  await office.takeIn(INBOX, [
    letter.write({ from, to: [`${INBOX}@elm.example`], subject, text }, mail.at).raw,
  ]);
  const id = office.store.messages().at(-1)?.conversationId ?? null;
  if (id === null) throw new Error('bug: a tenant wrote and there is no request');
  about.set(id, mail);
  // Nobody is asked for ever: a handful of questions finds whoever has it.
  for (let round = 0; round < 8 && (await answerOne(live, id)); round += 1);
  await office.tick();
}

/** Whoever is asked answers; false when nobody is asked any more. */
async function answerOne(live: Live, id: ConversationId): Promise<boolean> {
  const { office, about, plan } = live;
  const { offer, owner } = office.store.conversation(id);
  const mail = about.get(id);
  if (mail === undefined) throw new Error(`bug: nobody wrote #${id}`);
  const who = owner ?? offer?.to;
  if (who === undefined) return false;
  const week = weekOf(plan, mail.at);
  const says = owner === null ? answerOf(who, mail, week, plan.seed) : 'done';
  office.clock.set(office.clock.now() + ANSWERS_AFTER);
  await reply(live, id, who, says);
  return owner === null;
}

/** Whoever has such things takes it, the front desk says where it belongs, anybody else that it is not theirs. */
function answerOf(who: MemberId, { topic, at, from }: TenantMail, week: number, seed: number): string {
  const holders = holdersOf(topic, week);
  if (holders.includes(who)) return 'accept';
  const category = categoryOf(topic, week);
  const holder = holders[0] ?? FRONT_DESK;
  if (who === FRONT_DESK) return category === null ? `handoff to ${holder}` : `category ${category}`;
  const namesIt = category !== null && chanceOf(seed, 'answer', at, from).happens(NAMES_IT);
  return namesIt ? `decline wrong team: ${category}` : `handoff to ${holder}`;
}

/** In answer to the last mail about it that they got. */
async function reply(live: Live, id: ConversationId, who: MemberId, says: string): Promise<void> {
  const { office, letter, fresh } = live;
  const from = `${who}@elm.example`;
  const toThem = fresh.filter(({ mail }) => mail.to === from).reverse();
  for (const { mail, key } of toThem) {
    const [notice] = await office.store.readNotices([key]);
    if (notice?.conversationId !== id || mail.replyTo === null) continue;
    const { raw } = letter.write(
      {
        from,
        to: [mail.replyTo.address],
        subject: `Re: ${mail.subject}`,
        text: says,
        answers: mail.messageId,
      },
      office.clock.now(),
    );
    return office.takeIn(INBOX, [raw]);
  }
  throw new Error(`bug: ${who} was asked about #${id} and got no mail`);
}

function weeksOf({ office, about, plan }: Live): readonly Week[] {
  const weeks = Array.from({ length: plan.weeks }, () => ({
    requests: 0,
    firstAccepted: 0,
    frontDesk: 0,
    wrong: 0,
  }));
  for (const [id, mail] of about) {
    const week = weeks[weekOf(plan, mail.at)];
    const first = office.store.events(id).find((event) => event.type === 'offered');
    if (week === undefined || first?.type !== 'offered')
      throw new Error(`bug: nobody was asked about #${id}`);
    const { to } = first;
    week.requests += 1;
    if (holdersOf(mail.topic, weekOf(plan, mail.at)).includes(to)) week.firstAccepted += 1;
    else if (to === FRONT_DESK) week.frontDesk += 1;
    else week.wrong += 1;
  }
  return weeks;
}
