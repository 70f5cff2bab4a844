/**
 * Several hosts on one machine: network namespaces, joined by a router of their own. Nothing of it lies in the network
 * of the machine itself, so no address or route of it is touched.
 *
 * What the router throws away, it throws away silently, as a broken network does: whoever sent it is told nothing.
 */
import { execFileSync } from 'node:child_process';
import { program } from '../../support/stack/packages.ts';
import type { Addresses } from '../../support/stack/production.ts';

export const HOSTS = ['a', 'b', 'c'] as const;
export type Host = (typeof HOSTS)[number];

export type ServerName = keyof typeof SERVERS;

/** In one namespace, each at an address of its own, so that each may be out of reach alone. */
export const SERVERS = {
  postgres: '10.77.0.11',
  redis: '10.77.0.12',
  dovecot: '10.77.0.13',
  sink: '10.77.0.14',
} as const satisfies Required<Addresses>;

export const ADDRESS_OF: Readonly<Record<Host, string>> = { a: '10.77.1.2', b: '10.77.2.2', c: '10.77.3.2' };

export const hostAt = (address: string): Host | null =>
  HOSTS.find((host) => ADDRESS_OF[host] === address) ?? null;

/** Which packages are lost: those to the servers, those from them, or both. */
export type Direction = 'both' | 'requests' | 'answers';

export type Place = Host | 'servers' | 'router';

export const placeName = (prefix: string, place: Place): string => `${prefix}-${place}`;

const PLACES: readonly Place[] = ['router', 'servers', ...HOSTS];
export const placesOf = (prefix: string): string[] => PLACES.map((place) => placeName(prefix, place));

/** Words behind `ip`, one line each, that make it all. */
export function buildLines(prefix: string): string[] {
  const router = placeName(prefix, 'router');
  const join = (place: Host | 'servers', gateway: string, addresses: readonly string[]): string[] => {
    const name = placeName(prefix, place);
    return [
      `link add uplink netns ${name} type veth peer name ${place} netns ${router}`,
      ...addresses.map((address) => `-n ${name} address add ${address}/24 dev uplink`),
      `-n ${router} address add ${gateway}/24 dev ${place}`,
      `-n ${name} link set lo up`,
      `-n ${name} link set dev uplink up`,
      `-n ${router} link set dev ${place} up`,
      `-n ${name} route add default via ${gateway}`,
    ];
  };
  const gatewayOf = (address: string): string => address.replace(/\d+$/, '1');
  return [
    ...placesOf(prefix).map((name) => `netns add ${name}`),
    ...join('servers', gatewayOf(SERVERS.postgres), Object.values(SERVERS)),
    ...HOSTS.flatMap((host) => join(host, gatewayOf(ADDRESS_OF[host]), [ADDRESS_OF[host]])),
  ];
}

/** The host is gone for everybody, and everybody for it; sockets on both sides stay as they were. */
export const cutLine = (prefix: string, host: Host, isUp: boolean): string =>
  `-n ${placeName(prefix, 'router')} link set dev ${host} ${isUp ? 'up' : 'down'}`;

/** Between one host and these servers. */
export function lossLines(
  prefix: string,
  host: Host,
  servers: readonly ServerName[],
  direction: Direction,
  what: 'add' | 'del',
): string[] {
  const rule = (from: string, to: string) =>
    `-n ${placeName(prefix, 'router')} rule ${what} from ${from} to ${to} blackhole`;
  return servers.flatMap((server) => [
    ...(direction === 'answers' ? [] : [rule(ADDRESS_OF[host], SERVERS[server])]),
    ...(direction === 'requests' ? [] : [rule(SERVERS[server], ADDRESS_OF[host])]),
  ]);
}

export const ipProgram = (): string | null => program('ip');

export function runIp(line: string): string {
  return execFileSync(ipProgram() ?? 'ip', line.split(' '), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts a program there. */
export const within = (prefix: string, place: Place): string[] => [
  ...[ipProgram() ?? 'ip', 'netns', 'exec', placeName(prefix, place)],
];

export function build(prefix: string): void {
  for (const line of buildLines(prefix)) runIp(line);
  const forwarding = 'echo 1 > /proc/sys/net/ipv4/ip_forward';
  execFileSync(ipProgram() ?? 'ip', ['netns', 'exec', placeName(prefix, 'router'), 'sh', '-c', forwarding]);
}
