/** Mail of the night and the early morning. */
import { MAINTENANCE, OFFICE } from './company.ts';
import { pdf, photo } from './files.ts';
import { lastMailTo, type Scene, writes } from './world.ts';

const MARIA = 'Maria Lopez <maria.lopez@mail.example>';

export const earlyMails: readonly Scene[] = [
  writes('02:10', {
    key: 'leak',
    from: MARIA,
    to: MAINTENANCE,
    subject: 'Leak under kitchen sink, water is coming through!!',
    text: `Hello,

sorry for writing at this hour. Water is dripping out of the cupboard under
my kitchen sink and it is getting worse, the whole floor is wet. I put a
bucket under it but it fills up in ten minutes. I don't know where to turn
the water off and downstairs will have it on their ceiling soon.

Maria Lopez
14 Elm Street, Flat 3B
07700 900142`,
  }),
  writes('02:14', (world) => ({
    key: 'leak-photo',
    from: MARIA,
    to: MAINTENANCE,
    subject: 'Re: We have your message',
    text: 'Sent from my iPhone',
    files: [photo('IMG_2204.jpg'), photo('IMG_2205.jpg')],
    answers: lastMailTo(world, 'maria.lopez@mail.example').mail,
  })),
  writes('03:41', (world) => ({
    key: 'leak-plumber-here',
    from: MARIA,
    to: MAINTENANCE,
    subject: 'Re: Leak under kitchen sink, water is coming through!!',
    text: `He is here and the water is off. The pipe behind the cupboard has a crack.
Kitchen ceiling of the flat below is dripping too.

Maria`,
    answers: lastMailTo(world, 'maria.lopez@mail.example').mail,
  })),
  writes('06:38', {
    key: 'deposit',
    from: 'James Osei <j.osei@post.example>',
    to: OFFICE,
    subject: 'My deposit - Birch House flat 12',
    text: `Good morning,

I moved out on 6 February and the check-out report had nothing in it except
the scratch on the hob that was there when I moved in (see your own
inventory, page 4). When can I expect my deposit back? It is 1,250 pounds and
I need it for the new place.

Best regards
James Osei`,
  }),
  writes('06:52', {
    key: 'spring-offers',
    from: 'HeatTrade Direct <offers@news.heattrade.example>',
    to: OFFICE,
    subject: 'Spring sale: 20 % off all combi boilers until Sunday',
    text: `THE BIG SPRING SALE IS ON

Dear trade customer, for six days only: 20 % off every combi boiler in stock.

View in browser: https://news.heattrade.example/v/8841
Unsubscribe: https://news.heattrade.example/u/8841`,
    headers: {
      'List-Unsubscribe': '<https://news.heattrade.example/u/8841>',
      'List-Id': 'HeatTrade offers <offers.news.heattrade.example>',
      Precedence: 'bulk',
    },
  }),
  writes('07:20', {
    key: 'radiators',
    from: 'Ewa Kowalska <ewa.kowalska@web.example>',
    to: MAINTENANCE,
    subject: 'No heating in 2 rooms',
    // As a webmail with a company template writes it: no plain text, tables within tables.
    html: `<html><head><style>p{margin:0}</style></head><body><table width="100%"><tr><td>
<table align="center" width="600"><tr><td><table><tr><td style="font-family:Arial">
<p>Dear Sirs,</p><p>&nbsp;</p>
<p>the <b>radiators</b> in the bedroom and in the small room stay cold since Sunday, the one in
the kitchen is hot.</p><p>I have a baby of 5 months &amp; we all sleep in the kitchen now.</p>
<p>&nbsp;</p><p>Ewa Kowalska, 22 Elm Street flat 1A</p></td></tr></table></td></tr></table>
</td></tr></table></body></html>`,
  }),
  writes(
    '08:12',
    {
      key: 'front-door',
      from: 'Harriet Bell <harriet@bellfamily.example>',
      to: MAINTENANCE,
      subject: 'Front door does not lock any more',
      text: `Hi there,

the street door of 14 Elm Street has not been locking since last night. You
turn the key and nothing happens, anybody can walk in. There was a stranger
in the hallway this morning.

Harriet (flat 2A)`,
    },
    // Her server was impatient and sent it twice.
    { to: [MAINTENANCE, MAINTENANCE] },
  ),
  writes('08:31', {
    key: 'nebenkosten',
    from: 'Jürgen Hoffmann <j.hoffmann@gmx.example>',
    to: OFFICE,
    subject: 'Nebenkostenabrechnung 2025 – Rückfrage',
    text: `Sehr geehrte Damen und Herren,

in der Anlage sende ich Ihnen Ihre Abrechnung für 2025 zurück. Auf Seite 2
ist mir der Aufzug mit 312 Pfund berechnet, meine Wohnung liegt aber im
Erdgeschoss des Hauses ohne Aufzug. Ich bitte um Prüfung und eine
berichtigte Abrechnung.

Mit freundlichen Grüßen
Jürgen Hoffmann`,
    files: [pdf('Abrechnung-2025-Hoffmann.pdf')],
  }),
  writes('08:45', {
    key: 'invoice',
    from: 'RapidPlumb Billing <no-reply@billing.rapidplumb.example>',
    to: OFFICE,
    subject: 'Your invoice RP-20417',
    text: `Invoice RP-20417 for the call-out on 27 February is attached.
Amount due: 184.00 GBP within 14 days.

This is an automated message. Please do not reply.`,
    files: [pdf('RP-20417.pdf')],
    headers: { 'Auto-Submitted': 'auto-generated' },
  }),
];
