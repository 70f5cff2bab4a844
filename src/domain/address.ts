/**
 * Mail addresses that are safe to put into an envelope, and the few questions Baton asks about one.
 *
 * Only a dot-atom at a host name of letters, digits and hyphens passes (RFC 5321 section 4.1.2 without quoting,
 * comments and address literals; RFC 1123 section 2.1 for the host name). Mail libraries have turned
 * `victim@corp.example\r\nBcc: x@evil.example` and `ok@corp.example>\r\nRCPT TO:<evil@x` into other recipients, so
 * whatever is not plain is refused instead of repaired. An international domain counts in its A-label form
 * (`xn--…`); nothing here converts it.
 */

/** RFC 5321 section 4.5.3.1.3: a path of 256 octets less its two angle brackets. */
const ADDRESS_MAX = 254;
/** RFC 5321 section 4.5.3.1.1. */
const LOCAL_PART_MAX = 64;

const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const DIGITS = /^[0-9]+$/;

/** Folds A to Z only: in `toLowerCase` the Kelvin sign becomes `k`, and a stranger's address a member's. */
export const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/**
 * The address when it is plain enough to send to, with its domain in lower case and its local part as written;
 * null otherwise. A domain needs a dot: `root@localhost` would deliver on our own machine.
 */
export function parseStrictAddress(text: string): string | null {
  if (text.length > ADDRESS_MAX) return null;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (local.length === 0 || local.length > LOCAL_PART_MAX || !LOCAL_PART.test(local)) return null;
  const domain = text.slice(at + 1);
  return isHostName(domain) ? `${local}@${asciiLower(domain)}` : null;
}

function isHostName(domain: string): boolean {
  const labels = domain.split('.');
  // An all-digit top label is an IPv4 address, which SMTP wants as a literal.
  return (
    labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !DIGITS.test(labels.at(-1) ?? '')
  );
}

/**
 * Whether two addresses are one mailbox. Case counts nowhere: RFC 5321 section 2.4 would let a server tell local
 * parts apart by case, no real one does, and phones capitalise the first letter.
 */
export const sameAddress = (a: string, b: string): boolean => asciiLower(a) === asciiLower(b);

/** The part after the last `@` in lower case; '' when there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : asciiLower(address.slice(at + 1));
}

/**
 * Splits `office+k3j2@elm.example` into the address below and the tag. The last plus counts, so that a tag on an
 * inbox that itself has one (`support+elm@gmail.example`) comes off again. No plus, nothing before it or nothing
 * after it: no tag, and the base is the address as given.
 */
export function splitPlus(address: string): { base: string; tag: string | null } {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const plus = local.lastIndexOf('+');
  if (plus <= 0 || plus === local.length - 1) return { base: address, tag: null };
  return { base: local.slice(0, plus) + address.slice(at), tag: local.slice(plus + 1) };
}

/**
 * The address with a tag after a plus. Throws RangeError when no plain address comes out of it, also when the
 * local part would grow past 64 octets: the configuration checks inbox addresses for that, so here it is a bug.
 */
export function withTag(address: string, tag: string): string {
  const at = address.lastIndexOf('@');
  const tagged = parseStrictAddress(`${address.slice(0, Math.max(at, 0))}+${tag}${address.slice(at)}`);
  if (tagged === null || at < 0 || splitPlus(tagged).tag !== tag) {
    throw new RangeError(
      `no plain address comes of ${JSON.stringify(address)} with tag ${JSON.stringify(tag)}`,
    );
  }
  return tagged;
}
