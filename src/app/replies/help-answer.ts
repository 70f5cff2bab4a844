/**
 * A helper in the team answers: all of it goes to whoever asked, with the files, whatever words it begins with. It
 * never goes to the customer by itself and moves nothing.
 */
import type { ReplyWork } from './reply-work.ts';

export function answerHelp(work: ReplyWork): void {
  const { reply, words, before } = work.given;
  const { id, mail } = reply;
  const help = reply.token.subject;
  if (help === null || before === null || id === null || mail === null)
    throw new Error(`${reply.key} answers no question`);
  const files = mail.attachments.filter(({ inline }) => !inline);
  if (words.text.trim() === '' && files.length === 0) {
    work.refuse(null, { code: 'no-text' });
    return;
  }
  const asked = before.helps.find(({ seq }) => seq === help);
  const text = work.text(words.text);
  work.happen({
    type: 'help-answered',
    help,
    of: { type: 'member', member: reply.member },
    // Who asked may not be known any more when the question is closed: then it is whoever has it.
    by: asked?.by ?? before.owner ?? before.accountable ?? reply.member,
    messageId: id,
    text,
  });
  work.succeed('help-from', { to: asked?.by ?? null, text });
}
