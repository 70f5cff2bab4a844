/** Elm Property Management, the company of the demo: its configuration as it would stand in baton.yaml. */
export type CompanySettings = {
  readonly imapPort: number;
  readonly smtpPort: number;
  readonly secret: string;
  /** True once somebody has noted that Luis is on leave. */
  readonly luisIsNoted: boolean;
  /** On the day that is played, what comes by the clock alone would be no part of the story. */
  readonly danaReads: boolean;
};

export const PASSWORD = 'elm-street';
export const MAINTENANCE = 'maintenance@elm.example';
export const OFFICE = 'office@elm.example';

export const companyConfig = ({
  imapPort,
  smtpPort,
  secret,
  luisIsNoted,
  danaReads,
}: CompanySettings): string => `
secret: ${secret}
defaults:
  timeZone: Europe/London
  hours: { mon-fri: 09:00-17:30 }

inboxes:
  maintenance:
    address: ${MAINTENANCE}
    name: Elm Property Management
    customers: tenant
    emergencyLine: Running water, no heat, smell of gas? Call 020 7946 0100 now, day or night.
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${MAINTENANCE}, password: ${PASSWORD} }
    smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none }
    authentication: { mode: token-and-sender-only }
    triageLead: { weekly: [leah, noor], firstMonday: 2026-03-02 }
    managers: [dana]
    finalManager: dana
    finalManagerCover: leah
  office:
    address: ${OFFICE}
    name: Elm Property Management
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${OFFICE}, password: ${PASSWORD} }
    smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none }
    authentication: { mode: token-and-sender-only }
    triageLead: { weekly: [leah, noor], firstMonday: 2026-03-02 }
    finalManager: dana
    finalManagerCover: leah

members:
  priya: { name: Priya Nair, addresses: [priya@elm.example], hours: { mon-fri: 08:00-16:30 } }
  sam: { name: Sam Okafor, addresses: [sam@elm.example], hours: { mon-fri: 08:30-17:30 }, backup: priya }
  luis:
    name: Luis Romero
    addresses: [luis@elm.example]
    backup: sam
    ${luisIsNoted ? 'absences: [{ from: 2026-03-02, until: 2026-03-09 }]' : 'absences: []'}
  leah: { name: Leah Stein, addresses: [leah@elm.example], digest: off, weeklyReport: off }
  noor: { name: Noor Haddad, addresses: [noor@elm.example], backup: leah }
  dana: { name: Dana Wolfe, addresses: [dana@elm.example], ${danaReads ? 'digest: 08:30' : 'digest: off, weeklyReport: off'} }

teams:
  repairs: { name: Repairs, members: [priya, sam, luis], choose: round-robin }
  lettings: { name: Lettings, members: [noor, leah], choose: least-loaded }

categories:
  moving:
    name: Moving in and out
    description: Giving notice, moving in, handing over keys, somebody who moves in with a tenant.
    phrases: [I am moving out at the end of the month, how do I give notice, when do we get the keys of the new flat]
    assign: { team: lettings }
  house-rules:
    name: House rules
    description: Pets, noise, bins, bicycles, what is allowed in the house and the garden.
    phrases: [may we keep a dog, the neighbours are loud at night, where may I put my bicycle, the bins are full]
    assign: noor
  upkeep:
    name: Upkeep
    description: Something in a flat or in the house is broken, leaks, is cold or does not work.
    phrases: [the heating does not work, a tap drips, the window does not close, the lift is stuck again]
    assign: { team: repairs }

rules:
  - id: water
    inboxes: maintenance
    when: { subject: [leak, leaking, water, burst, flood] }
    category: leak
    priority: urgent
    assign: { team: repairs }
  - id: locked-out
    when: { subject: [locked out, lost keys] }
    category: access
    priority: urgent
    assign: { team: repairs }
  - id: repairs
    inboxes: maintenance
    when: { body: [radiator, radiators, tap, lock, door, mould, window, alarm] }
    category: repair
    assign: { team: repairs }
  - id: contractors
    when: { domain: [greenroof.example, liftcare.example] }
    category: contractor
    assign: sam
  - id: complaints
    when: { body: [complaint, complaining] }
    category: complaint
    assign: noor
  - id: deposits
    when: { subject: [deposit] }
    category: deposit
    assign: noor
  - id: service-charges
    when: { subject: [service charge, Nebenkosten, Nebenkostenabrechnung], attachment: application/pdf }
    category: service charge
    assign: noor
  - id: invoices
    when: { domain: rapidplumb.example, attachment: application/pdf }
    category: invoice
    assign: leah
  - id: lettings
    inboxes: office
    when: { body: [viewing, rent, tenancy] }
    category: letting
    assign: { team: lettings }
  - id: website
    when: { header: { X-Form: contact } }
    category: letting
    assign: { team: lettings }

data: data
limits: { messageMaxBytes: 1048576 }
`;
