/** NameServer on the machine's own resolver, within a few seconds. */
import { Resolver } from 'node:dns/promises';
import type { NameServer } from '../../app/ports/doctor.ts';

const TIMEOUT_MS = 2_500;
const TRIES = 2;
/** The name exists with other records, or it does not exist at all. */
const NONE = new Set(['ENODATA', 'ENOTFOUND']);

export function dnsNameServer(): NameServer {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  const asked = async <Value>(question: () => Promise<Value[]>): Promise<Value[] | null> => {
    try {
      return await question();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      return NONE.has(code) ? [] : null;
    }
  };
  return {
    async mx(domain) {
      const found = await asked(() => resolver.resolveMx(domain));
      // RFC 7505: a single "." says that the domain takes no mail.
      return (
        found
          ?.filter(({ exchange }) => exchange !== '')
          .sort((a, b) => a.priority - b.priority)
          .map(({ exchange }) => exchange.toLowerCase()) ?? null
      );
    },
    async txt(name) {
      const found = await asked(() => resolver.resolveTxt(name));
      return found?.map((strings) => strings.join('')) ?? null;
    },
  };
}
