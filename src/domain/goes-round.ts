/** Whether a mail goes in a circle: the last resort when everything else by which it would be known was rewritten. */
import { asciiLower, splitPlus } from './address.ts';
import { headerValues, type Mail } from './message.ts';

/** RFC 5321 section 6.3 counts Received fields; Postfix gives up at as many (hopcount_limit). */
const HOPS_MAX = 50;
/** Delivery twice under one address is quite usual: a server and whoever fetches from it each say so. */
const DELIVERED_MAX = 2;

export function goesRound(mail: Pick<Mail, 'headers'>, own: readonly string[]): boolean {
  if (headerValues(mail, 'received').length > HOPS_MAX) return true;
  const delivered = headerValues(mail, 'delivered-to').map((value) => splitPlus(bare(value)).base);
  return own.some((address) => delivered.filter((to) => to === address).length > DELIVERED_MAX);
}

/** Some servers write angle brackets around it. */
const bare = (value: string): string => asciiLower(value.trim().replace(/^<|>$/g, ''));
