/**
 * Plays a transcript in a world. Steps are of two kinds: what happens (actions), and what is expected to follow from
 * it. Every mail that Baton sends must be expected before the next thing happens, or the play fails.
 */
import type { Instant } from '../../src/domain/instant.ts';
import {
  type Clocks,
  type Inbox,
  type Ladder,
  type Member,
  NoStandingMails,
  type Policy,
  type Rule,
  type Rung,
} from '../../src/domain/policy.ts';
import { testPolicy } from '../support/policy.ts';
import { schedule } from '../support/schedules.ts';
import { openWorld, type World, type WorldOptions } from '../support/world.ts';
import { act } from './actions.ts';
import { expectation } from './expectations.ts';
import { type Action, Mismatch, type Stage, summary } from './stage.ts';
import { readDuration, readTime } from './times.ts';
import type { Step, Transcript } from './transcript.ts';

export async function openStage(transcript: Transcript, options: WorldOptions = {}): Promise<Stage> {
  const setting = settingOf(transcript);
  const world = await openWorld({ ...setting, ...options });
  return { world, expected: new Set(), written: [], last: null, start: world.clock.now() };
}

/** Plays every step, and compares. */
export async function play(stage: Stage, transcript: Transcript): Promise<void> {
  for (const step of transcript.steps) {
    if (isSetting(step)) continue;
    try {
      await playStep(stage, step);
    } catch (error) {
      throw atLine(step, error);
    }
  }
  await nothingUnexpected(stage);
}

async function playStep(stage: Stage, step: Step): Promise<void> {
  const expected = expectation(step);
  if (expected !== null) {
    await expected(stage);
    return;
  }
  await nothingUnexpected(stage);
  const action = actionOf(step);
  await action(stage);
  await stage.world.settle();
}

/** What has to be done for a step that is something happening. */
export function actionOf(step: Step): Action {
  const later = /^(after|until) (.+)$/.exec(step.head);
  if (later !== null) return async ({ world }) => world.advanceTo(timeOf(world, step));
  const action = act(step);
  if (action === null) throw new Error(`nobody knows what this means: ${step.head}`);
  return action;
}

export function timeOf({ clock }: World, { head }: Step): Instant {
  const [, word, text = ''] = /^(after|until) (.+)$/.exec(head) ?? [];
  return word === 'after' ? clock.now() + readDuration(text) : readTime(text, clock.now());
}

export const isAction = (step: Step): boolean => !isSetting(step) && expectation(step) === null;

async function nothingUnexpected({ world, expected }: Stage): Promise<void> {
  const surplus = (await world.sent()).filter((mail) => !expected.has(mail));
  if (surplus.length === 0) return;
  const list = surplus.map((mail) => `${summary(world, mail)}\n${mail.mail.text}`);
  throw new Mismatch(`mail that nobody expected:\n${list.join('\n----\n')}`);
}

function atLine(step: Step, error: unknown): Error {
  const message = error instanceof Mismatch ? error.message : String((error as Error).stack ?? error);
  return new Mismatch(`line ${step.line}, ${step.head}: ${message}`, { cause: error });
}

// ── The setting ──

const SETTINGS = [
  /^at (\d{4}-\d\d-\d\d \d\d:\d\d)$/,
  /^(\w+) is away until (.+)$/,
  /^(\w+) is called (.+)$/,
  /^customers are answered within (\w+)$/,
  /^customers are told (owner|finished|delay)$/,
  /^(\S+) is a web form$/,
  /^(\w+) believes (\S+) about senders$/,
  /^the front desk is ([a-z, ]+) by turns since (\d{4}-\d\d-\d\d)$/,
  /^(\w+) has the front desk of (\w+)$/,
  /^owners may be silent for (\w+)$/,
  /^(\w+) is on call$/,
  /^the (unaccepted|owned) ladder(?: of (\w+))? is (.+)$/,
  /^(\w+) gets the digest at (\d\d:\d\d)$/,
  /^(\w+) is in (\w+\/\w+)$/,
  /^(\w+) has (\d{4}-\d\d-\d\d) off$/,
];

const isSetting = ({ head }: Step): boolean => SETTINGS.some((pattern) => pattern.test(head));

function settingOf({ steps }: Transcript): { start?: Instant; policy: Policy } {
  let start: Instant | null = null;
  const members: Record<string, Partial<Member>> = {};
  const inboxes: Record<string, Partial<Inbox>> = {};
  const tellCustomer = { owner: false, finished: false, delay: false };
  let triage: Partial<Pick<Inbox, 'triage'>> = {};
  let clocks: Partial<Clocks> = {};
  const rules: Rule[] = [];
  const ladders: Ladder[] = [];
  let onCall: Partial<Pick<Inbox, 'onCall'>> = {};
  for (const { head } of steps) {
    const [
      at,
      away,
      called,
      within,
      told,
      form,
      believes,
      turns,
      desk,
      silent,
      call,
      ladder,
      digest,
      zone,
      off,
    ] = SETTINGS.map((pattern) => pattern.exec(head));
    if (silent?.[1] !== undefined) {
      const progress = readDuration(silent[1]);
      clocks = { ...clocks, progress: { normal: progress, urgent: progress } };
    }
    if (call?.[1] !== undefined) onCall = { onCall: { type: 'member', member: call[1] } };
    if (ladder?.[1] !== undefined) ladders.push(ladderOf(ladder[1], ladder[2], ladder[3] ?? ''));
    if (at?.[1] !== undefined) start = readTime(at[1], 0);
    if (called?.[1] !== undefined) members[called[1]] = { ...members[called[1]], name: called[2] ?? '' };
    if (believes?.[1] !== undefined) inboxes[believes[1]] = { authentication: believing(believes[2] ?? '') };
    if (desk?.[1] !== undefined)
      inboxes[desk[2] ?? ''] = { ...inboxes[desk[2] ?? ''], triage: { type: 'member', member: desk[1] } };
    if (turns?.[1] !== undefined) triage = weekly(turns[1], turns[2] ?? '');
    if (told?.[1] !== undefined) tellCustomer[told[1] as keyof typeof tellCustomer] = true;
    if (form?.[1] !== undefined) rules.push(webForm(form[1]));
    if (within?.[1] !== undefined) {
      const answer = readDuration(within[1]);
      clocks = { ...clocks, answer: { normal: answer, urgent: answer } };
    }
    if (away?.[1] !== undefined) {
      const absences = [{ from: 0, until: readTime(away[2] ?? '', 0) }];
      members[away[1]] = { ...members[away[1]], schedule: schedule('Europe/Berlin', { absences }) };
    }
    if (digest?.[1] !== undefined)
      members[digest[1]] = {
        ...members[digest[1]],
        standingMails: { ...NoStandingMails, digest: digest[2] ?? null },
      };
    if (zone?.[1] !== undefined)
      members[zone[1]] = { ...members[zone[1]], schedule: schedule(zone[2] ?? '') };
    if (off?.[1] !== undefined) {
      const known = members[off[1]]?.schedule ?? schedule('Europe/Berlin');
      const holidays = new Set([...known.holidays, off[2] ?? '']);
      members[off[1]] = { ...members[off[1]], schedule: { ...known, holidays } };
    }
  }
  const maintenance = { ...inboxes.maintenance, ...triage, ...onCall, tellCustomer };
  const policy = testPolicy({ members, inboxes: { ...inboxes, maintenance }, clocks, ladders });
  return { policy: { ...policy, rules: [...policy.rules, ...rules] }, ...(start === null ? {} : { start }) };
}

/** `remind after 5m, luis, final-manager`, of one category or of all. */
const ladderOf = (list: string, category: string | undefined, names: string): Ladder => ({
  when: category === undefined ? {} : { categories: [category] },
  [list]: names.split(', ').map((one): Rung => {
    const [name = '', span] = one.split(' after ');
    const after = span === undefined ? null : readDuration(span);
    const known = RUNGS.find((rung) => rung === name);
    return known === undefined ? { to: 'member', member: name, after } : { to: known, after };
  }),
});

const RUNGS = ['remind', 'backup', 'team', 'front-desk', 'on-call', 'final-manager'] as const;

const weekly = (names: string, firstMonday: string): Pick<Inbox, 'triage'> => ({
  triage: { type: 'weekly', members: names.split(', '), firstMonday },
});

const webForm = (from: string): Rule => ({
  id: `form-${from}`,
  inboxes: [],
  when: { from: [from] },
  category: 'form',
  priority: 'normal',
  assign: null,
  customer: 'reply-to',
});

/** The results of one mail server count; a dialogue writes them as it needs them. */
const believing = (host: string): Inbox['authentication'] => ({
  mode: 'mail-server',
  trustedHosts: [host],
  results: { type: 'id', id: host, belowReceived: false },
  insideTenant: false,
  ownLogin: false,
});
