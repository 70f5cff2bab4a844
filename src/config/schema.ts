/**
 * The form of the one configuration file. Each description says what would be right: it is the hover help of the
 * JSON Schema and the remedy of a problem. What one part says about another (does that member exist?) is checked in
 * relations.ts.
 */
import * as z from 'zod';
import { DAY } from '../domain/instant.ts';
import { Priorities } from '../domain/policy.ts';
import { alarmOf, canary } from './alarm.ts';
import { authentication } from './authentication.ts';
import { board } from './board.ts';
import { caps } from './caps.ts';
import { changes } from './changes.ts';
import { commands } from './commands.ts';
import {
  address,
  duration,
  FROM_OUTSIDE,
  host,
  hours,
  id,
  inboxId,
  line,
  memberId,
  moment,
  oneOrMany,
  port,
  secretValue,
  text,
  timeZone,
  tls,
  zone,
} from './fields.ts';
import { holidays } from './holidays.ts';
import { keep } from './keep.ts';
import { ladders } from './ladders.ts';
import { assign, categories, learning } from './learning.ts';
import { limits } from './limits.ts';
import type { Wordings } from './notices.ts';
import { pages, phone } from './pages.ts';
import { onCall, triageLead } from './rota.ts';
import { standingMails } from './standing-mails.ts';

/** A reply token and its plus sign need 27 of the 64 octets that RFC 5321 4.5.3.1.1 allows a local part. */
const INBOX_LOCAL_PART_MAX = 37;

const imapPorts = { implicit: 993, starttls: 143, none: 143 } as const;
const imap = z
  .strictObject({
    host,
    port: port('A port number from 1 to 65535. Default: 993, or 143 unless tls is implicit.'),
    tls,
    user: text.describe('The login name, often the address itself.'),
    password: secretValue.describe(`The password: ${FROM_OUTSIDE}.`),
  })
  .transform((server) => ({ ...server, port: server.port ?? imapPorts[server.tls] }))
  .describe('The mailbox: host, user and password, and where they differ from the usual port and tls.');

const smtpPorts = { implicit: 465, starttls: 587, none: 25 } as const;
const smtp = z
  .strictObject({
    host,
    port: port('A port number from 1 to 65535. Default: 465, or 587 with starttls, or 25 with none.'),
    tls,
    user: text
      .optional()
      .describe('The login name. Leave user and password out for a server that asks for none.'),
    password: secretValue.optional().describe(`The password: ${FROM_OUTSIDE}.`),
  })
  .transform((server) => ({ ...server, port: server.port ?? smtpPorts[server.tls] }))
  .describe('The server that sends: host, and where needed port, tls, user and password.');

const inboxAddress = address.superRefine((value, ctx) => {
  if (value.lastIndexOf('@') <= INBOX_LOCAL_PART_MAX) return;
  const message = `the part before the @ has more than ${INBOX_LOCAL_PART_MAX} characters`;
  const remedy =
    'Use a shorter address: replies come back to it with a 27-character mark, and 64 is the limit for both.';
  ctx.addIssue({ code: 'custom', message, params: { remedy } });
});

const folder = text.describe('The name of an IMAP folder.');
const folders = z
  .strictObject({
    inbox: folder.default('INBOX').describe('The folder that new mail arrives in. Default: INBOX.'),
    sent: z
      .array(folder)
      .default(['Sent'])
      .describe(
        'The folders that answers sent from the mailbox are kept in; [] if there are none. Default: [Sent].',
      ),
    junk: folder
      .optional()
      .describe(
        'The folder that spam lands in; its mails are counted. Default: the one the server says it is.',
      ),
  })
  .prefault({});

const inbox = z.strictObject({
  address: inboxAddress.describe('The address customers write to, such as office@example.com.'),
  name: line.describe('The name customers see as the sender, such as Elm Property Management.'),
  customers: line
    .default('customer')
    .describe('What you call whoever writes: customer, tenant, patient, guest.'),
  frontDesk: line
    .default('the front desk')
    .describe("What mails call the triage lead's desk, with its article, as within a sentence."),
  emergencyLine: text
    .optional()
    .describe('Stands in every acknowledgement, such as a phone number for emergencies.'),
  timeZone: timeZone.optional(),
  hours: hours
    .optional()
    .describe('When customers may count on you: the time promised to them runs on these hours.'),
  holidays: holidays.describe(
    'Days on which nobody answers here: dates besides defaults.holidays, or places instead of those there.',
  ),
  tellCustomer: z
    .array(z.enum(['owner', 'finished', 'delay']))
    .default(['owner', 'finished'])
    .describe(
      'What customers are told besides the confirmation: owner (who has it), finished, delay (one line when a promised time is missed). Default: [owner, finished].',
    ),
  imap,
  smtp,
  folders,
  startFrom: moment
    .optional()
    .describe(
      'Mail from this date (2026-03-01) or time (2026-03-01T08:00) on is taken up. Default: the first start.',
    ),
  triageLead,
  onCall,
  managers: z
    .array(memberId)
    .default([])
    .describe('The ids of members who may decide anything in this inbox.'),
  finalManager: memberId.describe('The id of the one member who decides what nobody took.'),
  finalManagerCover: memberId
    .optional()
    .describe('The id of the member who stands in for the final manager.'),
  authentication,
});

const absence = z.strictObject({
  from: moment.describe('The first day away (2026-08-03), or the local time it begins (2026-08-03T12:00).'),
  until: moment.describe(
    'The day of return (2026-08-17), itself no longer away, or the local time of return.',
  ),
});

const member = z.strictObject({
  name: line.describe('The name colleagues and customers see, such as Priya Nair.'),
  addresses: z
    .array(address.describe('A mail address such as priya@example.com.'))
    .min(1)
    .describe(
      'The mail addresses of this person: mail goes to the first, and replies count from all of them.',
    ),
  phone: phone.optional(),
  aliases: z.array(line).default([]).describe('Further names a colleague may type after "handoff to".'),
  timeZone: timeZone.optional(),
  hours: hours.optional(),
  holidays: holidays.describe(
    'Days on which this member does not work: dates besides defaults.holidays, or places instead of those there.',
  ),
  from: changes,
  absences: z.array(absence).default([]).describe('Times away, each {from, until}.'),
  backup: memberId.optional().describe('The id of the member who is asked when this one does not answer.'),
  capacity: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('How many open requests a team may give this member, 1 or more. Default: no limit.'),
  ...standingMails,
});

const team = z.strictObject({
  name: line.optional().describe('What mails call the team. Default: its id.'),
  members: z.array(memberId).min(1).describe('The ids of its members, at least one.'),
  choose: z
    .enum(['in-order', 'round-robin', 'least-loaded'])
    .default('in-order')
    .describe('Who is asked first: in-order, round-robin or least-loaded. Default: in-order.'),
});

const words = oneOrMany(text).describe(
  'A word or phrase, or a list of which any one is enough; quote numbers.',
);
const addressWords = oneOrMany(text.toLowerCase());

const when = z
  .strictObject({
    from: addressWords.optional().describe('The sender: an address or a part of one, or a list.'),
    domain: oneOrMany(text.toLowerCase().regex(/^[^@\s]+$/))
      .optional()
      .describe("The domain of the sender's address without the @, such as example.com, or a list."),
    to: addressWords.optional().describe('A recipient: an address or a part of one, or a list.'),
    subject: words.optional(),
    body: words.optional(),
    header: z
      .record(
        z
          .string()
          .regex(/^[!-9;-~]{1,70}$/)
          .describe('A header name such as X-Form.'),
        words,
      )
      .transform((headers) =>
        Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      )
      .optional()
      .describe('Header names with the words their value must hold, such as X-Form: contact.'),
    attachment: oneOrMany(text)
      .optional()
      .describe('Words in a file name, or a content type such as application/pdf or image/*.'),
  })
  .describe('The conditions, all of which must hold: from, domain, to, subject, body, header or attachment.');

const rule = z.strictObject({
  id,
  inboxes: oneOrMany(inboxId).optional().describe('The ids of the inboxes it holds for. Default: all.'),
  when,
  category: line.describe('What such a request is called, such as repair.'),
  priority: z.enum(Priorities).default('normal').describe('normal or urgent. Default: normal.'),
  assign: assign
    .optional()
    .describe('Who is asked: the id of a member, or {team: id}. Default: the triage lead decides.'),
  customer: z
    .enum(['sender', 'reply-to'])
    .default('sender')
    .describe(
      'Who the customer is: sender, or reply-to for a web form that names there who filled it in. Default: sender.',
    ),
});

const perPriority = (name: string, normal: string, urgent: string) =>
  z
    .strictObject({
      normal: duration(`${name} Working time.`).prefault(normal),
      urgent: duration(`${name} Wall time, day and night.`).prefault(urgent),
    })
    .prefault({});

const clocks = z
  .strictObject({
    accept: perPriority('How long a member has to answer "Can you take this?".', '45m', '10m'),
    handoff: perPriority('How long the receiver of a handoff has to accept it.', '2h', '10m'),
    answer: perPriority(
      'How long a customer waits for an answer at most, in the hours of the inbox.',
      '4h',
      '1h',
    ),
    answerWarning: perPriority('How long before that time its owner is told.', '30m', '15m'),
    progress: perPriority('How long an owner may be silent before they are reminded.', '16h', '2h'),
    help: duration(
      'How long a helper has before they are reminded, and again before the owner is told. Working time.',
    ).prefault('8h'),
    parked: duration(
      'How long the front desk has to decide about a mail that could not be read. Working time.',
    ).prefault('4h'),
    lastPersonReminder: duration(
      'How often the final manager is reminded of what nobody took, in their working time.',
    ).prefault('4h'),
    reopenWithin: duration(
      'How long after a request was done an answer of its customer opens it again; later it makes a new one that names it. Wall time.',
    ).prefault('30d'),
    tokenLife: duration('How long a mail of ours can be answered with a command. Wall time, at least 1d.')
      .refine((life) => life >= DAY, { message: 'this is shorter than a day' })
      .prefault('90d'),
  })
  .superRefine(({ answer, answerWarning }, ctx) => {
    for (const priority of Priorities) {
      if (answerWarning[priority] < answer[priority]) continue;
      const message = `the whole time to answer is not longer than this`;
      const remedy = `Give less than clocks.answer.${priority}; whoever has a request would be warned before they can act.`;
      ctx.addIssue({ code: 'custom', path: ['answerWarning', priority], message, params: { remedy } });
    }
  })
  .prefault({})
  .describe(
    'The clocks: accept, handoff, answer, answerWarning, progress, help, parked, lastPersonReminder, reopenWithin and tokenLife.',
  );

const defaults = z
  .strictObject({
    timeZone: zone.describe('The time zone wherever none is given, such as Europe/Berlin.'),
    hours: hours.prefault({ 'mon-fri': '09:00-17:00' }),
    holidays: holidays.describe(
      'Days on which nobody works: dates such as 2026-12-25, and places such as {country: DE, state: BY}.',
    ),
  })
  .describe('What holds wherever an inbox or a member says nothing else; timeZone is needed.');

const database = z
  .strictObject({
    url: secretValue
      .refine((url) => url === '' || /^postgres(?:ql)?:\/\/\S+$/.test(url), {
        message: 'this is no PostgreSQL address',
      })
      .optional()
      .describe(`postgresql://user:password@host:5432/name, best as ${FROM_OUTSIDE}. Default: embedded.`),
  })
  .prefault({})
  .describe('The database. Leave it out for the embedded one, which needs nothing installed.');

const redis = z
  .strictObject({
    url: secretValue
      .refine((url) => url === '' || /^rediss?:\/\/\S+$/.test(url), { message: 'this is no Redis address' })
      .optional()
      .describe(
        `redis://user:password@host:6379/0, or rediss:// with TLS, best as ${FROM_OUTSIDE}. Default: none, the database carries the queue.`,
      ),
  })
  .prefault({})
  .describe(
    'Redis or Valkey for the queue. Leave it out unless many workers run: the database does as well.',
  );

export const configSchema = z.strictObject({
  secret: secretValue
    .refine((value) => value === '' || value.length >= 32, { message: 'this is shorter than 32 characters' })
    .describe(
      `A key of at least 32 random characters for the reply tokens: ${FROM_OUTSIDE}. "openssl rand -hex 32" makes one.`,
    ),
  defaults,
  inboxes: z
    .record(id, inbox)
    .refine((inboxes) => Object.keys(inboxes).length > 0, { message: 'there is no inbox' })
    .describe('The shared addresses, each under an id of your choice; at least one.'),
  members: z
    .record(id, member)
    .refine((members) => Object.keys(members).length > 0, { message: 'there is no member' })
    .describe('The people, each under an id of your choice; at least one.'),
  teams: z.record(id, team).default({}).describe('Groups of members of whom a rule may ask one.'),
  rules: z
    .array(rule)
    .default([])
    .describe('What kind of request a mail is, and who is asked; tried in order.'),
  categories,
  learning,
  ladders,
  clocks,
  caps,
  commands,
  alarm: alarmOf(smtp),
  pages,
  canary,
  board,
  database,
  redis,
  data: text
    .default('.baton')
    .describe('The folder of the embedded database, from the folder of this file. Default: .baton.'),
  notices: text
    .optional()
    .describe(
      'The folder of your own wordings of mails, from the folder of this file. Default: notices, if it is there.',
    ),
  limits,
  keep,
});

/** What the schema makes of a file: every default filled in, durations in microseconds, addresses in lower case. */
type ConfigFile = z.output<typeof configSchema>;

/** What the file says, and the wordings of mails beside it. */
export type Config = ConfigFile & {
  /** The folder of own wordings, whether or not there is one. */
  readonly notices: string;
  readonly wordings: Wordings;
};
export type InboxConfig = Config['inboxes'][string];
export type MemberConfig = Config['members'][string];
