/** Requests that came by phone and are taken down by a member. */

import { parseCommands } from '../../domain/command/parse.ts';
import { NOBODY } from '../../domain/customer.ts';
import type { Mail } from '../../domain/message.ts';
import { isManagerOf } from '../../domain/roster.ts';
import { openForMember } from '../open-for-member.ts';
import type { StoredMail } from '../ports/store.ts';
import { outsiderTyped } from './outsider-typed.ts';
import type { ReplyWork } from './reply-work.ts';

/** `new:` and what was said on the phone; a line `for ADDRESS` in it says whom to answer. */
export async function takeDown(work: ReplyWork, written: string): Promise<void> {
  const { policy, reply, tx, now } = work.given;
  const { id: messageId, mail } = reply;
  // What was said on the phone has its place in the mail that tells of it.
  if (messageId === null || mail === null) return work.refuse('new', { code: 'not-here' });
  if (!isManagerOf(policy, reply.member, reply.inboxId)) {
    work.refuse('new', { code: 'managers-only' });
    return work.keep(written);
  }
  const { words, typed } = withoutCustomer(written);
  if (words === '') return work.refuse('new', { code: 'no-text' });
  const address = typed === null ? null : outsiderTyped(policy, typed);
  if (address !== null && typeof address !== 'string') {
    work.refuse('for', address);
    return work.keep(written);
  }
  const subject = firstLine(words);
  const id = await tx.reserveConversation();
  const opened = await openForMember(
    { tx, policy, model: work.given.deps.model },
    {
      conversationId: id,
      inboxId: reply.inboxId,
      messageId,
      storedAt: now,
      // Whoever called waits for an answer as anybody does.
      person: true,
      text: work.text(words, id),
    },
    mailOf(mail, subject, words),
    { subject, customer: address === null ? NOBODY : { name: '', address } },
  );
  work.others.push(opened);
  // An answer to a mail about no request has its place in the one that it makes.
  if (reply.conversationId === null) work.settledAs = { ...work.settledAs, conversationId: id };
  work.succeed('new', { other: id });
  // What is written next is meant for the new request: it takes all below it, so that nothing else stands here.
  if (work.results.length === 1) work.about = opened.after;
}

const SUBJECT_MAX = 200;

const firstLine = (words: string): string => (words.split('\n')[0] ?? '').trim().slice(0, SUBJECT_MAX);

/** The line that names the customer is an order and no part of what was said. */
function withoutCustomer(written: string): { readonly words: string; readonly typed: string | null } {
  const lines = written.split('\n');
  for (const [at, line] of lines.entries()) {
    if (!line.includes('@')) continue;
    const [command, ...more] = parseCommands(line).commands;
    if (command?.verb !== 'for' || more.length > 0) continue;
    return { words: lines.toSpliced(at, 1).join('\n').trim(), typed: command.address };
  }
  return { words: written.trim(), typed: null };
}

/** The call as the rules read a mail: its words, and nobody's address. */
function mailOf(mail: StoredMail, subject: string, text: string): Mail {
  const reply = { text, quoted: '', signature: '' };
  const nobody = { from: [], sender: [], to: [], cc: [], replyTo: [], deliveredTo: [], headers: [] };
  return { ...mail, ...nobody, subject, text, reply, forwarded: null, attachments: [], report: null };
}
