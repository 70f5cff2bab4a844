/** By whom a mail says that it is signed (RFC 6376 section 3.5). Whether it is, the key decides; here it only is found. */

const HEADER_MAX = 262_144;
const VALUE_MAX = 8_000;
const NAME = /^[A-Za-z0-9._-]{1,253}$/;

/** Domain and selector of the first DKIM-Signature of a header; null: there is none that names both. */
export function signatureIn(header: string): { readonly domain: string; readonly selector: string } | null {
  const value = fieldOf(header.slice(0, HEADER_MAX), 'dkim-signature');
  if (value === null) return null;
  const tags = new Map<string, string>();
  for (const part of value.slice(0, VALUE_MAX).split(';')) {
    const at = part.indexOf('=');
    if (at > 0) tags.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  const domain = tags.get('d') ?? '';
  const selector = tags.get('s') ?? '';
  return NAME.test(domain) && NAME.test(selector) ? { domain: domain.toLowerCase(), selector } : null;
}

function fieldOf(header: string, name: string): string | null {
  let value: string | null = null;
  for (const line of header.split(/\r?\n/)) {
    if (value !== null) {
      if (!/^[ \t]/.test(line)) return value;
      value += line;
    } else if (line.toLowerCase().startsWith(`${name}:`)) value = line.slice(name.length + 1);
    else if (line === '') return null;
  }
  return value;
}
