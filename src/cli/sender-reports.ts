/** Says at the start of a mailer whether mail can be sent, so that nobody finds out by a customer's silence. */
import type { Services } from '../runtime/services.ts';

export async function reportSenders(
  { deps, settings }: Services,
  say: (line: string) => void,
): Promise<void> {
  for (const [id, { address, smtp }] of Object.entries(settings.config.inboxes)) {
    const refused = await deps.senderOf(id).check();
    say(
      refused === null
        ? `${address}: mail can be sent.`
        : `${address}: mail can NOT be sent. ${inWords(smtp, refused)}`,
    );
  }
}

function inWords(
  { host, port, user }: { host: string; port: number; user?: string | undefined },
  { code, response }: { code: string; response: string },
): string {
  const what =
    code === 'smtp-login-refused'
      ? `The mail server ${host}:${port} refused the login of "${user ?? ''}". Check user name and password.`
      : `The mail server ${host}:${port} cannot be used (${code}). Check host, port and tls.`;
  return `${what} Nothing is lost: what is to be sent waits and is tried again for five days. The server said: ${response}`;
}
