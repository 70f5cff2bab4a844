/**
 * Whether a customer's message to a finished request is plainly only thanks. A closed list of whole texts: when in
 * doubt the request is reopened, because a person can close it in a word and a dropped question is lost.
 */
const THANKS = [
  'thanks',
  'thank you',
  'many thanks',
  'thanks a lot',
  'thank you very much',
  'thanks so much',
  'thank you so much',
  'great thanks',
  'great thank you',
  'perfect thanks',
  'perfect thank you',
  'ok thanks',
  'okay thanks',
  'ok thank you',
  'thanks for your help',
  'thank you for your help',
  'thanks for the quick reply',
  'all good thanks',
  'cheers',
  'danke',
  'vielen dank',
  'danke schön',
  'herzlichen dank',
  'besten dank',
  'super danke',
  'danke für die hilfe',
  'merci',
  'merci beaucoup',
  'gracias',
  'muchas gracias',
] as const;

const LENGTH_MAX = 200;

export function isOnlyThanks(text: string, hasAttachments: boolean): boolean {
  if (hasAttachments || text.length > LENGTH_MAX || text.includes('?')) return false;
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]+/gu, ' ')
    .trim();
  return (THANKS as readonly string[]).includes(words);
}
