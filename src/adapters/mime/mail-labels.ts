/**
 * The labels that an archive wrote into the header of a mail: Gmail's (Google Takeout: `X-Gmail-Labels: Inbox,"Repairs,
 * old"`, a slash for what lies within), mutt's and Dovecot's. Each is a place of its own.
 */
import { headerValues, type Mail } from '../../domain/message.ts';
import { decodeHeaderText } from './clean-text.ts';

const LABELS_MAX = 50;
const LABEL_MAX = 200;

export function labelsOf(mail: Pick<Mail, 'headers'>): string[][] {
  const gmail = headerValues(mail, 'x-gmail-labels').flatMap((value) => listed(decodeHeaderText(value)));
  const others = ['x-label', 'x-keywords'].flatMap((name) =>
    headerValues(mail, name).flatMap((value) => decodeHeaderText(value).split(/[\s,]+/)),
  );
  return [...gmail, ...others]
    .filter((label) => label !== '' && label.length <= LABEL_MAX)
    .slice(0, LABELS_MAX)
    .map((label) => label.split('/').filter((part) => part !== ''));
}

/** By commas; one within quotation marks divides nothing. */
const listed = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|[^",]+/g)].map(([whole, quoted]) => (quoted ?? whole).trim());
