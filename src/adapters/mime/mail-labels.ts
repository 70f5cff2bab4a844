/**
 * The labels of a mail out of Google Takeout: `X-Gmail-Labels: Inbox,"Repairs, old",Customers/Leases`, a slash for what
 * lies within. Each is a place of its own.
 *
 * Takeout writes them above everything that came with the mail, behind X-GM-THRID at most. Where such a field stands
 * anywhere else its sender wrote it, who must not say what is learned from their mail.
 */
import type { Mail } from '../../domain/message.ts';
import { decodeHeaderText } from './clean-text.ts';

const LABELS_MAX = 50;
const LABEL_MAX = 200;
const DEPTH_MAX = 10;

export function labelsOf({ headers }: Pick<Mail, 'headers'>): string[][] {
  const [first, second] = headers;
  const labels = first?.name === 'x-gm-thrid' ? second : first;
  if (labels?.name !== 'x-gmail-labels') return [];
  return listed(decodeHeaderText(labels.value))
    .filter((label) => label !== '' && label.length <= LABEL_MAX)
    .slice(0, LABELS_MAX)
    .map((label) =>
      label
        .split('/')
        .filter((part) => part !== '')
        .slice(-DEPTH_MAX),
    );
}

/** By commas; one within quotation marks divides nothing. */
const listed = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|[^",]+/g)].map(([whole, quoted]) => (quoted ?? whole).trim());
