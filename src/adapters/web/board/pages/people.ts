/** The team: who is here, who is away until when and who stands in, and who has how much. One person; one team. */
import type { RequestCounts, RequestList } from '../../../../app/ports/requests.ts';
import type { MemberId, TeamId } from '../../../../domain/ids.ts';
import { DAY } from '../../../../domain/instant.ts';
import type { Absence, Member } from '../../../../domain/policy.ts';
import { absenceAt, isWorkingAt } from '../../../../domain/working-time.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from './frame.ts';
import { isManager, type Look, nameOf } from './look.ts';
import { orderFields } from './order-fields.ts';
import {
  address,
  counted,
  dotted,
  empty,
  figure,
  linkedPerson,
  NOTHING,
  nextPage,
  person,
  tag,
} from './parts.ts';
import { requestList } from './request-list.ts';
import { rolesOf } from './roles.ts';
import { dayTime, untilThen } from './times.ts';

export function peoplePage(look: Look, counts: RequestCounts): Page {
  const members = [...look.policy.members.values()].filter(({ active }) => active);
  const away = members.filter((member) => absenceAt(member.schedule, look.now) !== null);
  const loads = new Map(counts.byMember.map((load) => [load.member, load]));
  const rows = members.toSorted(
    (a, b) =>
      (loads.get(b.id)?.answersFor ?? 0) - (loads.get(a.id)?.answersFor ?? 0) || a.name.localeCompare(b.name),
  );
  const body = html`<h1>People</h1>
<p class="lede">${counted(members.length, 'person', 'people')}${away.length === 0 ? ', nobody away' : `, ${figure(away.length)} away`}.</p>
${teams(look)}
<h2 id="everybody">Everybody</h2><div class="sheet"><table class="table folds" aria-labelledby="everybody"><thead><tr><th scope="col">Person</th><th scope="col">Now</th><th scope="col" class="figure">Answers for</th><th scope="col" class="figure">Owns</th><th scope="col" class="figure">Asked</th><th scope="col" class="figure">Stuck</th></tr></thead>
<tbody>${rows.map((member) => personRow(look, member, loads.get(member.id)))}</tbody></table></div>
${absences(look, members)}${awayForms(look, members)}`;
  return { title: 'People', path: '/people', body };
}

type MemberLoad = RequestCounts['byMember'][number];

function personRow(look: Look, member: Member, load: MemberLoad | undefined): Html {
  const { answersFor = 0, owns = 0, asked = 0, stuck = 0 } = load ?? {};
  const cell = (name: string, value: number): Html =>
    html`<td class="figure" data-of="${name}">${value === 0 ? html`<span class="soft">0</span>` : figure(value)}</td>`;
  return html`<tr><td>${linkedPerson(look, member.id)}</td><td>${presence(look, member)}</td>
${cell('answers for', answersFor)}${cell('owns', owns)}${cell('asked', asked)}${cell('stuck', stuck)}</tr>`;
}

/** Whether they are here; while they are away, until when and who stands in. */
function presence(look: Look, { schedule, backup }: Member): Html {
  const absence = absenceAt(schedule, look.now);
  if (absence === null)
    return isWorkingAt(schedule, look.now)
      ? tag('at work', 'good')
      : html`<span class="soft">not at work just now</span>`;
  return html`${tag('away', 'warn')} <span class="soft small">back ${untilThen(look, absence.until)} (${dayTime(look, absence.until)})${standIn(look, absence, backup)}</span>`;
}

function standIn(look: Look, { cover }: Absence, backup: MemberId | null): string {
  const who = cover ?? backup;
  return who === null ? '' : `, ${nameOf(look, who)} stands in`;
}

function teams(look: Look): Html {
  const all = [...look.policy.teams.values()];
  if (all.length === 0) return NOTHING;
  return html`<nav aria-label="Teams"><p>${dotted(all.map(({ id, name }) => html`<a href="${teamPath(id)}">${name}</a>`))}</p></nav>`;
}

const teamPath = (id: TeamId): string => `/teams/${encodeURIComponent(id)}`;

/** Later ones are told when they are near. */
const AHEAD = 60 * DAY;
const ABSENCES_MAX = 50;

function absences(look: Look, members: readonly Member[]): Html {
  const coming = members
    .flatMap((member) => member.schedule.absences.map((absence) => ({ member, absence })))
    .filter(({ absence }) => absence.until > look.now && absence.from < look.now + AHEAD)
    .sort((a, b) => a.absence.from - b.absence.from)
    .slice(0, ABSENCES_MAX);
  if (coming.length === 0)
    return html`<h2>Absences</h2>${empty('Nobody is away in the next two months.', 'Whoever will be answers any mail of Baton with “away until” and a date.')}`;
  return html`<h2 id="absences">Absences</h2><div class="sheet"><table class="table folds" aria-labelledby="absences"><thead><tr><th scope="col">Person</th><th scope="col">From</th><th scope="col">Until</th><th scope="col">Stands in</th></tr></thead>
<tbody>${coming.map(
    ({ member, absence }) =>
      html`<tr><td>${linkedPerson(look, member.id)}</td><td data-of="from">${dayTime(look, absence.from)}</td><td data-of="until">${dayTime(look, absence.until)}</td><td data-of="stands in">${coverOf(look, absence, member)}</td></tr>`,
  )}</tbody></table></div>`;
}

function coverOf(look: Look, { cover }: Absence, { backup }: Member): Html {
  const who = cover ?? backup;
  return who === null ? html`<span class="soft">nobody</span>` : linkedPerson(look, who);
}

/** Managers may note it for others, as by mail. */
function awayForms(look: Look, members: readonly Member[]): Html {
  const { viewer, now } = look;
  const you = members.find(({ id }) => id === viewer.member);
  const isAway = you !== undefined && absenceAt(you.schedule, now) !== null;
  const option = ({ id, name }: Member): Html => html`<option value="${id}">${name}</option>`;
  const others = members.filter(({ id }) => id !== viewer.member);
  const who = isManager(look)
    ? html`<label for="away-who">Who</label><select id="away-who" name="who"><option value="">You</option>${others.map(option)}</select>`
    : NOTHING;
  return html`<section class="panel verbs narrow-verbs" aria-labelledby="away"><h2 id="away">Are you away?</h2>
${isAway ? html`<form method="post" action="/people/orders">${orderFields(look, 'back')}<button class="primary" id="do-back">I am back</button></form>` : NOTHING}
<details data-key="away"><summary>Say when you are away</summary><form method="post" action="/people/orders">${orderFields(look, 'away')}<p>Nobody asks you meanwhile, and what you have is put to whoever stands in.</p>${who}
<label for="away-from">From (empty: from now on)</label><input id="away-from" name="from" maxlength="60" placeholder="Monday" autocomplete="off">
<label for="away-until">Until</label><input id="away-until" name="until" maxlength="60" placeholder="Friday, or 2026-03-09" autocomplete="off" required>
<label for="away-cover">Who stands in</label><select id="away-cover" name="cover"><option value="">As the configuration says</option>${members.map(option)}</select><button class="primary" id="do-away">Note it</button></form></details></section>`;
}

export type ListAsked = { readonly show: 'open' | 'done'; readonly after: string };

export function personPage(
  look: Look,
  member: Member,
  asked: ListAsked,
  lists: { readonly asked: RequestList; readonly list: RequestList; readonly counts: RequestCounts },
): Page {
  const path = `/people/${encodeURIComponent(member.id)}`;
  const load = lists.counts.byMember.find((one) => one.member === member.id);
  const open = load?.answersFor ?? 0;
  const isYou = member.id === look.viewer.member;
  const teamsOf = [...look.policy.teams.values()].filter(({ members }) => members.includes(member.id));
  const body = html`<h1>${person(look, member.id, ' big')}</h1>
<p class="lede">${member.active ? presence(look, member) : tag('has left', 'warn')}</p>
<p class="soft">${dotted([
    ...rolesOf(look.policy, member.id, look.now),
    ...teamsOf.map(({ id, name }) => html`<a href="${teamPath(id)}">${name}</a>`),
  ])}</p>
${
  lists.asked.requests.length === 0
    ? NOTHING
    : html`<section aria-labelledby="asked"><h2 id="asked">${isYou ? 'You are asked to take' : 'Is asked to take'}</h2>${requestList(look, lists.asked.requests)}</section>`
}
${ownList(look, path, asked, lists.list, asked.show === 'open' ? `${isYou ? 'You answer' : 'Answers'} for ${counted(open, 'request')}` : 'Done, the latest first')}`;
  return { title: member.name, path, body };
}

export function teamPage(
  look: Look,
  team: { readonly id: TeamId; readonly name: string; readonly members: readonly MemberId[] },
  asked: ListAsked,
  list: RequestList,
): Page {
  const path = teamPath(team.id);
  const body = html`<h1>${team.name}</h1><p class="lede">${counted(team.members.length, 'person', 'people')}</p>
<p>${dotted(team.members.map((id) => linkedPerson(look, id)))}</p>
${ownList(look, path, asked, list, asked.show === 'open' ? 'Open, longest without news first' : 'Done, the latest first')}`;
  return { title: team.name, path, body };
}

function ownList(look: Look, path: string, { show }: ListAsked, list: RequestList, heading: string): Html {
  const other = show === 'open' ? 'done' : 'open';
  return html`<section aria-labelledby="list"><h2 id="list">${heading}</h2>
${list.requests.length === 0 ? (show === 'open' ? empty('Nothing is open here.', 'What comes in and is accepted stands here.') : empty('Nothing is done yet.', 'What is finished stands here.')) : requestList(look, list.requests)}
${nextPage(path, { show: show === 'open' ? '' : show }, list.next)}
<p class="small"><a href="${address(path, { show: other === 'open' ? '' : other })}">Show what is ${other}</a></p></section>`;
}
