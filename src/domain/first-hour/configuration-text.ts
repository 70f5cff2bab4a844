/**
 * A first configuration as text, with a comment at each block that says what it is for. What has a good default is left
 * out: the complete example beside the program has all of it.
 */
import type { AuthenticationPlan, Plan, ServerPlan, SignInPlan } from './plan.ts';

export function configurationText(plan: Plan): string {
  const { inbox, people, teams, variables } = plan;
  return [
    '# The configuration of Baton. A change is taken up while Baton runs; "npx baton check" tells whether it is right.',
    '# All that can be said here stands in config/baton.example.yaml, each with its default.',
    '',
    `# \${NAME} stands for a line of the file .env beside this one, or for an environment variable.`,
    '# Signs the addresses that members answer to. Keep it: with a new one, answers to old mails are not understood.',
    `secret: \${${variables.secret}}`,
    '',
    '# Working hours are mon-fri 09:00-17:00 unless hours say otherwise, here or at a member.',
    'defaults:',
    `  timeZone: ${plain(plan.timeZone)}`,
    '  # hours: { mon-fri: 08:30-17:00 }',
    '  # holidays: [{ country: US }] # public holidays of a place, and dates such as 2026-12-24',
    '',
    ...clientOf(inbox.signIn),
    '# The shared address. It is only read: Baton never changes or deletes anything in the mailbox.',
    'inboxes:',
    `  ${inbox.id}:`,
    `    address: ${plain(inbox.address)}`,
    `    name: ${plain(inbox.name)} # customers see it as the sender`,
    ...serversOf(plan),
    `    folders: { sent: [${inbox.sent.map(plain).join(', ')}] } # answers sent from the mailbox itself are seen there`,
    `    triageLead: ${plan.frontDesk} # the front desk: answers for what nobody has taken yet`,
    `    finalManager: ${plan.manager} # decides what nobody took, and gets the daily digest`,
    '    # What an answer of a member must prove of its sender before it counts.',
    `    authentication: ${authentication(plan.authentication)}`,
    '',
    '# The people. An id stays the same for good, whatever becomes of the name.',
    'members:',
    ...people.map(
      ({ id, name, address }) => `  ${id}: { name: ${plain(name)}, addresses: [${plain(address)}] }`,
    ),
    '',
    ...(teams.length > 0
      ? [
          '# Of a team one is asked at a time, in this order.',
          'teams:',
          ...teams.map(({ id, members }) => `  ${id}: { members: [${members.join(', ')}] }`),
          '',
        ]
      : []),
    '# Who is asked for what, tried in order; what no rule fits goes to the front desk.',
    'rules:',
    `  # - { id: repairs, when: { subject: [leak, heating] }, category: repair, assign: ${teams[0] === undefined ? (people[0]?.id ?? 'ID') : `{ team: ${teams[0].id} }`} }`,
    '',
  ].join('\n');
}

/** What a provider's name tells need not be written. */
function serversOf({ inbox, variables }: Plan): string[] {
  const { signIn } = inbox;
  if (signIn !== null) return [`    provider: ${signIn.servers}`, `    oauth: ${signIn.id}`];
  return [
    `    imap: ${server(inbox.imap, variables.password)}`,
    `    smtp: ${server(inbox.smtp, variables.smtpPassword)}`,
  ];
}

function clientOf(signIn: SignInPlan | null): string[] {
  if (signIn === null) return [];
  const { id, provider, tenant, clientId, secretVariable } = signIn;
  const parts = [
    `provider: ${provider}`,
    ...(tenant === null ? [] : [`tenant: ${plain(tenant)}`]),
    `clientId: ${plain(clientId)}`,
    ...(secretVariable === null ? [] : [`clientSecret: "\${${secretVariable}}"`]),
  ];
  return [
    '# How Baton is known to the provider of the mailbox, in place of a password.',
    'oauth:',
    `  ${id}: { ${parts.join(', ')} }`,
    '',
  ];
}

const server = (
  { host, port, tls, user }: ServerPlan & { readonly user: string },
  password: string,
): string =>
  `{ host: ${plain(host)}, port: ${port}, tls: ${tls}, user: ${plain(user)}, password: "\${${password}}" }`;

function authentication(plan: AuthenticationPlan): string {
  const hosts = `trustedHosts: [${plan.trustedHosts.map(plain).join(', ')}]`;
  if (plan.mode === 'own-check')
    return plan.trustedHosts.length === 0 ? '{ mode: own-check }' : `{ mode: own-check, ${hosts} }`;
  const more = [
    ...(plan.resultsBelowReceived ? ['resultsBelowReceived: true'] : []),
    ...(plan.ownLogin ? ['ownLogin: true'] : []),
    ...(plan.insideTenant ? ['insideTenant: true'] : []),
  ];
  return `{ ${['mode: mail-server', hosts, `authservId: ${plain(plan.authservId)}`, ...more].join(', ')} }`;
}

/** Words that YAML, or somebody who reads it as YAML 1.1, takes for something else than text. */
const NOT_TEXT = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

/** As it is where that is safe within braces too, else in double quotes; `${` is meant as it stands. */
function plain(text: string): string {
  if (/^[A-Za-z](?:[A-Za-z0-9 ._@/+-]*[A-Za-z0-9])?$/.test(text) && !NOT_TEXT.test(text)) return text;
  // By a function: in a replacement `$$` would be one sign.
  return JSON.stringify(text).replaceAll('$' + '{', () => '$$' + '{');
}
