/**
 * The last check of an address before it becomes part of an SMTP command or a header.
 *
 * Narrower than RFC 5321 on purpose: dot-atom local part, letters-digits-hyphens domain. Quoted local parts, comments
 * and line ends are what injections are made of (nodemailer 10.6.0 turned `a@b>\r\nRCPT TO:<c@d` into a recipient).
 */

const ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$/;
const LABEL = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;

/** RFC 5321 section 4.5.3.1: local part up to 64 octets, domain up to 255, path up to 256 with its brackets. */
export function isStrictAddress(address: string): boolean {
  if (address.length > 254) return false;
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (at < 1 || local.length > 64 || domain.length > 253) return false;
  return (
    local.split('.').every((atom) => ATOM.test(atom)) && domain.split('.').every((label) => LABEL.test(label))
  );
}
