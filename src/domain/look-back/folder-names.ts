/**
 * What a folder of an archive holds, by its name alone: no server is there to say so. In the words of the mail programs
 * and providers that were seen, whatever the case and the accents.
 */
import type { Place } from '../learning/places.ts';
import { fold } from '../roster.ts';

const SENT: ReadonlySet<string> = new Set([
  ...['sent', 'sent items', 'sent mail', 'sent messages', 'sent-mail', '[gmail].sent mail'],
  ...[
    'gesendet',
    'gesendete objekte',
    'gesendete elemente',
    'envoyes',
    'messages envoyes',
    'elements envoyes',
  ],
  ...[
    'enviados',
    'elementos enviados',
    'correo enviado',
    'inviata',
    'posta inviata',
    'verzonden',
    'verzonden items',
  ],
]);

/** Nobody waits for an answer to spam, and a draft has answered nobody. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...[
    'spam',
    'junk',
    'junk e-mail',
    'junk email',
    'bulk mail',
    'trash',
    'deleted items',
    'deleted messages',
    'bin',
  ],
  ...[
    'drafts',
    'draft',
    'papierkorb',
    'geloschte elemente',
    'entwurfe',
    'spamverdacht',
    'corbeille',
    'brouillons',
  ],
  ...[
    'indesirables',
    'papelera',
    'borradores',
    'correo no deseado',
    'cestino',
    'bozze',
    'concepten',
    'prullenbak',
  ],
]);

export type FolderRole = 'sent' | 'left-out' | 'other';

/** Any of the folders on the way to it may say so: `Sent/2025`. */
export function folderRole(place: Place): FolderRole {
  const names = place.map((name) => fold(name).replace(/\.(mbox|mbx)(\.gz)?$/, ''));
  if (names.some((name) => LEFT_OUT.has(name))) return 'left-out';
  return names.some((name) => SENT.has(name)) ? 'sent' : 'other';
}
