/** The configuration that Baton is measured with: one small company, and as many inboxes as are wanted. */
import { PASSWORD } from '../support/stack/dovecot.ts';

export const ADDRESS = 'office@elm.example';

export type Asked = {
  readonly imapPort: number;
  readonly smtpPort: number;
  /** A mailbox for each. */
  readonly users: readonly string[];
  /** Where data, database and Redis are, as lines of the configuration. */
  readonly services: string;
};

/** The first inbox is the office, the others are like it. */
export const addressOf = (at: number): string => (at === 0 ? ADDRESS : `office-${at}@elm.example`);

export const configuration = ({ imapPort, smtpPort, users, services }: Asked): string => `
secret: a secret for the bench, of 32 characters or more
defaults: { timeZone: UTC, hours: { mon-sun: 00:00-24:00 } }
inboxes:
${users.map((user, at) => inbox(user, at, imapPort, smtpPort)).join('')}
members:
  leah: { name: Leah Stein, addresses: [leah@team.example] }
  dana: { name: Dana Wolfe, addresses: [dana@team.example] }
  priya: { name: Priya Nair, addresses: [priya@team.example] }
  sam: { name: Sam Okafor, addresses: [sam@team.example] }
  luis: { name: Luis Romero, addresses: [luis@team.example] }
teams:
  repairs: { name: Repairs, members: [priya, sam, luis], choose: least-loaded }
rules:
  - { id: kitchen, when: { subject: [kitchen] }, category: repair, assign: { team: repairs } }
${services}
caps: { unproved: { hour: 1000000, day: 1000000 }, overall: { hour: 1000000, day: 1000000 }, member: { hour: 1000000 } }
`;

const inbox = (user: string, at: number, imapPort: number, smtpPort: number): string => `
  ${at === 0 ? 'office' : `office-${at}`}:
    address: ${addressOf(at)}
    name: Elm
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${user}, password: ${PASSWORD} }
    smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none }
    folders: { sent: [] }
    authentication: { mode: token-and-sender-only }
    triageLead: leah
    finalManager: dana
`;
