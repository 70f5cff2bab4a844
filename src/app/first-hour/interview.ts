/**
 * The questions of the first hour, in the order in which their answers are needed: the address, how to get into its
 * mailbox, who the people are. Every answer that can be tried is tried at once, while whoever knows it sits there.
 */
import { domainOf } from '../../domain/address.ts';
import {
  namesakes,
  readChoice,
  readInboxAddress,
  readLine,
  readPerson,
  readTeam,
  readZone,
} from '../../domain/first-hour/answers.ts';
import { usualAuthentication } from '../../domain/first-hour/choose-authentication.ts';
import { idOf, type Person, type Plan, type TeamPlan, variableOf } from '../../domain/first-hour/plan.ts';
import { type Provider, providerByMx } from '../../domain/providers.ts';
import { askSignIn, type SignInAnswers, signsIn, unreached } from './ask-sign-in.ts';
import { type Asker, asked, askedEach } from './asker.ts';
import { chooseAuthentication } from './try-answers.ts';
import { type About, type MailDeps, type Reached, reachMailbox } from './try-mailbox.ts';
import { tryWayBack } from './try-way-back.ts';

export type InterviewDeps = MailDeps & {
  readonly asker: Asker;
  readonly timeZone: string;
  /** Whether anything is tried. */
  readonly mail: boolean;
};

export type Interviewed = {
  /** Of the client that logs in; '' where there is none. */
  readonly clientSecret: string;
  readonly plan: Plan;
  readonly password: string;
  readonly smtpPassword: string;
};

export async function interview(deps: InterviewDeps): Promise<Interviewed> {
  const { asker } = deps;
  asker.say(
    'Baton gives every mail in a shared inbox one person who answers for it. A few questions, then it can start.',
  );
  asker.say(
    'Enter takes what stands in brackets. Nothing is written before the end, and nothing in the mailbox is ever changed.',
  );
  asker.show('');
  const address = await asked(asker, 'Shared address that customers write to', readInboxAddress);
  const id = idOf(address.slice(0, address.lastIndexOf('@'))) || 'inbox';
  const provider = await recognised(deps, address);
  const entered = await enter(deps, { id, address, provider });
  const { reached } = entered;
  asker.show('');
  const name = await asked(asker, 'Name that customers see as the sender', readLine, usualName(address));
  const people = await askPeople(asker, address);
  const timeZone = await asked(asker, 'Time zone', readZone, deps.timeZone);
  const plan: Plan = {
    inbox: {
      id,
      address,
      name,
      imap: reached.imap,
      smtp: reached.smtp,
      sent: reached.sent,
      signIn: entered.signIn,
    },
    timeZone,
    ...people,
    authentication: usualAuthentication(provider),
    variables: {
      secret: 'BATON_SECRET',
      password: variableOf(id, 'PASSWORD'),
      smtpPassword: variableOf(id, reached.smtpPassword === reached.password ? 'PASSWORD' : 'SMTP_PASSWORD'),
    },
  };
  const { password, smtpPassword } = reached;
  const { clientSecret } = entered;
  if (!reached.isIn) return { plan, password, smtpPassword, clientSecret };
  const tools = deps.toolsOf(plan.inbox, { password, smtpPassword });
  try {
    await tryWayBack(deps, tools, plan);
    const authentication = await chooseAuthentication(deps, tools, plan, provider);
    return { plan: { ...plan, authentication }, password, smtpPassword, clientSecret };
  } finally {
    await tools.sender.close();
  }
}

/** By password, which is tried at once, or by a sign-in, which comes when the configuration is there. */
async function enter(deps: InterviewDeps, about: About): Promise<{ reached: Reached } & SignInAnswers> {
  if (!(await signsIn(deps.asker, about.provider)))
    return { reached: await reachMailbox(deps, about), signIn: null, clientSecret: '' };
  const answers = await askSignIn(deps.asker, about);
  return { reached: unreached(about), ...answers };
}

async function recognised({ asker, names, mail }: InterviewDeps, address: string): Promise<Provider | null> {
  if (!mail) return null;
  const domain = domainOf(address);
  const mx = await names.mx(domain);
  if (mx === null) {
    asker.say(`No name server answered about ${domain}, so its provider is not known.`);
    return null;
  }
  const [first] = mx;
  if (first === undefined) {
    asker.say(
      `${domain} has no MX record: as far as the world knows it gets no mail. Look whether the address is right.`,
    );
    return null;
  }
  const provider = providerByMx(mx);
  if (provider === null) {
    asker.say(`Mail for ${domain} goes to ${first}, a server of its own.`);
    return null;
  }
  asker.say(`Mail for ${domain} goes to ${provider.name} (${first}). What to know of it:`);
  for (const hint of provider.hints) asker.say(`- ${hint.replaceAll('office@example.com', address)}`);
  return provider;
}

/** `Elm` of office@elm.example. */
function usualName(address: string): string {
  const [label = ''] = domainOf(address).split('.');
  return label.charAt(0).toUpperCase() + label.slice(1);
}

async function askPeople(
  asker: Asker,
  inbox: string,
): Promise<Pick<Plan, 'people' | 'frontDesk' | 'manager' | 'teams'>> {
  asker.show('');
  asker.say(
    'Who answers mail? One person a line, name and own address, such as: Priya Nair priya@elm.example. An empty line ends it.',
  );
  const readOne = (typed: string, known: readonly Person[]) => readPerson(typed, known, inbox);
  const people = await askedEach<Person>(asker, (number) => `Person ${number}`, readOne, 1);
  const [first] = people;
  const last = people.at(-1);
  if (first === undefined || last === undefined) throw new Error('nobody was named');
  const [namesake] = namesakes(people);
  if (namesake !== undefined)
    asker.say(
      `Two people are called ${namesake.name}: colleagues can name either only by address. An initial or a second name, which can still be written into the file, tells them apart.`,
    );
  const usual = (person: Person): string =>
    namesakes(people).includes(person) ? person.address : person.name;
  asker.show('');
  asker.say('Two of them have a duty of their own (it may be the same person).');
  const read = (typed: string) => readChoice(typed, people);
  const frontDesk = await asked(
    asker,
    'Front desk, who answers for what nobody has taken',
    read,
    usual(first),
  );
  const manager = await asked(
    asker,
    'Manager, who decides what nobody took and gets the daily digest',
    read,
    usual(last),
  );
  const teams = await askedEach<TeamPlan>(
    asker,
    (number) =>
      number === 1 ? 'A team, such as "repairs: priya, sam", or Enter for none' : 'Another team, or Enter',
    (typed, known) => readTeam(typed, people, known),
    0,
  );
  return { people, frontDesk: frontDesk.id, manager: manager.id, teams };
}
