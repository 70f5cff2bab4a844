/** Mail of the working day. */
import { MAINTENANCE, OFFICE } from './company.ts';
import { photo } from './files.ts';
import { answerAddress, lastMailTo, type Scene, writes, writesToEach } from './world.ts';

export const dayMails: readonly Scene[] = [
  writes('09:02', {
    key: 'noise',
    from: 'Theodore Banks <tbanks@letterbox.example>',
    to: MAINTENANCE,
    subject: 'THIRD TIME I AM WRITING',
    text: `To whom it may concern,

this is a formal complaint. The people above me (22 Elm Street, 4C) have
moved furniture at two in the morning for three weeks. I have written twice
and nobody has had the decency to answer. If I do not hear from you today I
will go to the council.

T. Banks`,
  }),
  writes('09:10', {
    key: 'two-bed',
    from: 'Amira Khan <amira.khan@mail.example>',
    to: OFFICE,
    subject: 'Two-bed on Elm Street',
    text: `Hello, is the two bedroom flat on Elm Street still free, and could I come for
a viewing on Saturday? We are two adults and a very quiet cat.

Thank you, Amira`,
  }),
  writes('09:20', {
    key: 'tap',
    from: 'Ikram Aydin <ikram.a@mail.example>',
    to: MAINTENANCE,
    subject: 'Bathroom',
    text: `Tap drips all night, see photo. Any day after 4 is fine for me.

Sent from my iPhone`,
    files: [photo('IMG_0093.jpg')],
  }),
  writes('09:35', {
    key: 'mould',
    from: 'Noor Haddad <noor@elm.example>',
    to: MAINTENANCE,
    subject: 'Fwd: black spots',
    text: `She caught me at the viewing and sent it to me instead of you.

---------- Forwarded message ---------
From: Grace Adeyemi <grace.adeyemi@post.example>
Date: Mon, 2 Mar 2026 at 18:20
Subject: black spots
To: Noor Haddad <noor@elm.example>

Dear Noor, as discussed: the mould in the bathroom is back, behind the
washing machine and above the bath. Grace Adeyemi, Birch House 7`,
  }),
  writes('09:48', {
    key: 'all-photos',
    from: 'Dylan Price <dylan.price@mail.example>',
    to: MAINTENANCE,
    subject: 'check-in photos, all of them',
    text: 'As agreed here are the photos of every room.',
    files: [photo('all-rooms.jpg', 1_200_000)],
  }),
  writes('10:05', {
    key: 'bins',
    from: 'Karin Lindqvist <karin.lindqvist@oldpost.example>',
    to: MAINTENANCE,
    subject: 'Bins',
    text: `The recycling at Birch House has not been collected for two weeks. Is it us or
is it the council?

Karin Lindqvist`,
  }),
  writes('10:15', {
    key: 'alarm',
    from: 'Northgate Dental <reception@northgate-dental.example>',
    to: MAINTENANCE,
    subject: 'Fire alarm test on Thursday',
    text: `Hi, will the alarm test on Thursday be before 9 again? We have patients in the
chair from 9 and last time it went off during an extraction.

Northgate Dental, ground floor, 22 Elm Street`,
  }),
  writes('10:40', {
    key: 'gutters',
    from: 'Pete Marsh <pete@greenroof.example>',
    to: MAINTENANCE,
    subject: 'Quote for the gutters, Birch House',
    text: `Morning, gutters front and back 640 + VAT, could start Monday if I get a yes
by tomorrow night.

Pete, Green Roof Ltd`,
  }),
  // Somebody who got hold of a teammate's mail tries to answer it in her place.
  writes('10:58', (world) => {
    const { mail } = lastMailTo(world, 'priya@elm.example', 'gutters');
    return {
      key: 'spoof',
      from: 'R. Moss <moss.roofing@mail.example>',
      to: answerAddress(mail),
      subject: `Re: ${mail.subject}`,
      text: 'accept\n\nWe can do it for 500.',
      answers: mail,
    };
  }),
  writes('11:40', (world) => ({
    key: 'deposit-thanks',
    from: 'James Osei <j.osei@post.example>',
    to: OFFICE,
    subject: 'Re: My deposit - Birch House flat 12',
    text: 'Thank you very much!',
    answers: lastMailTo(world, 'j.osei@post.example').mail,
  })),
  writes('11:50', {
    key: 'web-form',
    from: 'Website <noreply@www.elm-lettings.example>',
    to: OFFICE,
    subject: 'Contact form: Birch House, flat 9',
    text: `Name: Tomasz Nowak
Phone: 07700 900877
Message: I would like to see flat 9 this week, evenings if possible.`,
    headers: { 'X-Form': 'contact', 'Auto-Submitted': 'auto-generated' },
  }),
  writes('12:05', {
    key: 'locked-out',
    from: 'Beatriz Nunes <bea.nunes@mail.example>',
    to: MAINTENANCE,
    subject: 'Locked out, Birch House 4',
    text: `keys are inside and so is the cat, I am standing in front of the door
07700 900315

Get Outlook for Android`,
  }),
  writes('12:32', {
    key: 'tortoise',
    from: 'Sheila Whitcombe <sheila@whitcombe.example>',
    to: OFFICE,
    subject: 'Tortoise',
    text: `Dear office, a tortoise is walking about in the courtyard of 14 Elm Street and
seems to know where it is going. Does it belong to anybody?

Sheila Whitcombe`,
  }),
  writes('13:00', {
    key: 'standing-order',
    from: 'Oliver Grant <oliver.grant@post.example>',
    to: OFFICE,
    subject: 'Standing order',
    text: `My rent goes up in April and I would rather not pay it twice this time. Which
account is right, the one on the lease or the one in your letter of January?
They are not the same.

Oliver Grant, 22 Elm Street 3A`,
  }),
  writes('13:20', {
    key: 'dog',
    from: 'Hanna Weiss <hanna@weiss.greylist.example>',
    to: OFFICE,
    subject: 'Dog?',
    text: 'Before I sign the tenancy: may I keep a dog? A small one. Hanna Weiss',
  }),
  writes('13:40', (world) => ({
    key: 'tap-thanks',
    from: 'Ikram Aydin <ikram.a@mail.example>',
    to: MAINTENANCE,
    subject: 'Re: Bathroom',
    text: 'Thanks so much!\n\nSent from my iPhone',
    answers: lastMailTo(world, 'ikram.a@mail.example').mail,
  })),
  writes('14:20', (world) => ({
    key: 'radiators-again',
    from: 'Ewa Kowalska <ewa.kowalska@web.example>',
    to: MAINTENANCE,
    subject: 'Re: No heating in 2 rooms',
    text: `Small room is warm now, bedroom is still cold. When is somebody coming again?

Ewa`,
    answers: lastMailTo(world, 'ewa.kowalska@web.example').mail,
  })),
  writes('15:05', (world) => ({
    key: 'front-door-again',
    from: 'Harriet Bell <harriet@bellfamily.example>',
    to: MAINTENANCE,
    subject: 'Re: Front door does not lock any more',
    text: `It locked all morning and now it sticks again, the key will not come out.

Harriet`,
    answers: lastMailTo(world, 'harriet@bellfamily.example').mail,
  })),
  // To both inboxes, as people do who want to be sure.
  ...writesToEach(
    {
      key: 'moving-out',
      from: 'Femi Balogun <femi.balogun@mail.example>',
      to: MAINTENANCE,
      cc: OFFICE,
      subject: 'Moving out on 31 March',
      text: `Hello both,

we leave on the 31st. Who takes the keys, and shall we repair the bedroom
window handle ourselves or will you?

Femi Balogun, 14 Elm Street 5C`,
    },
    [
      { at: '15:40', to: MAINTENANCE },
      { at: '15:41', to: OFFICE },
    ],
  ),
  writes('16:20', {
    key: 'window',
    from: 'Clara Doyle <clara.doyle@post.example>',
    to: MAINTENANCE,
    subject: 'Window will not close',
    text: `The bathroom window has dropped and will not shut. It is not urgent but it is
March and it faces north.

Clara Doyle, Birch House 15`,
  }),
];
