/** Whose visit it is, as far as an address tells: one host, or with IPv6 one network, of which a visitor has a whole one. */
import type { FastifyRequest } from 'fastify';

export const visitorKey = ({ ip }: Pick<FastifyRequest, 'ip'>): string => networkOf(ip);

/** The first 64 bits of an IPv6 address, the whole of an IPv4 one. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  if (!ip.includes(':')) return ip;
  const [head = '', tail = ''] = ip.split('%', 1)[0]?.toLowerCase().split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
