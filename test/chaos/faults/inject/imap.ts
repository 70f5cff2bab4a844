/** Dovecot and the way to it: sessions and servers that die or stop, networks that break, logins that are refused. */
import { startScriptedImap } from '../../../support/scripted-imap.ts';
import type { Fault, Ground } from './fault.ts';
import { nothingToMend } from './fault.ts';
import { network } from './network.ts';

/** Within a header, within a literal, within the list of UIDs. */
const RESET_AFTER = [300, 2_000, 20_000] as const;

/** Whoever connects meanwhile hears this from somebody else. */
const toldBy =
  (answer: (command: string) => readonly string[] | null): Fault =>
  async ({ setting }: Ground) => {
    const script = await startScriptedImap((command) => answer(command.split(' ', 1)[0] ?? ''));
    setting.proxies.imap.leadTo(script.port);
    setting.proxies.imap.cut();
    return async () => {
      setting.proxies.imap.leadTo(setting.dovecot.port);
      await script.close();
    };
  };

const isLogin = (verb: string): boolean => verb === 'LOGIN' || verb === 'AUTHENTICATE';

export const imapFaults = {
  'imap-session-killed': ({ setting }) => {
    setting.dovecot.signalSessions(setting.user, 'SIGKILL');
    return nothingToMend;
  },
  'imap-session-stopped': ({ setting }) => {
    setting.dovecot.signalSessions(setting.user, 'SIGSTOP');
    return () => void setting.dovecot.signalSessions(setting.user, 'SIGCONT');
  },
  'imap-down': async ({ setting }) => {
    await setting.dovecot.daemon.kill('SIGKILL');
    return () => setting.dovecot.daemon.start();
  },
  'imap-throttled': toldBy((verb) =>
    isLogin(verb) ? ['% NO Request is throttled. Suggested Backoff Time: 9241 milliseconds'] : null,
  ),
  'imap-login-refused': toldBy((verb) =>
    isLogin(verb) ? ['% NO [AUTHENTICATIONFAILED] Authentication failed.'] : null,
  ),
  ...network('imap', { slowMs: 300, resetAfter: RESET_AFTER }),
} satisfies Record<string, Fault>;
