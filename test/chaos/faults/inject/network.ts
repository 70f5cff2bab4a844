/** What any network does to any server, by the proxy in front of it. */
import { setInterval } from 'node:timers';
import type { Setting } from '../setting.ts';
import { chosen, type Fault } from './fault.ts';

type Name = keyof Setting['proxies'];
type NetworkFault = 'silent' | 'stalled' | 'reset' | 'sliced' | 'slow' | 'refused';

/** Again and again, since whoever was cut off connects anew. */
const RESET_EVERY_MS = 700;

/** `resetAfter`: how many bytes of an answer come before it is cut off. */
export function network<Server extends Name>(
  name: Server,
  { slowMs, resetAfter }: { readonly slowMs: number; readonly resetAfter: readonly number[] },
): Record<`${Server}-${NetworkFault}`, Fault> {
  const weather =
    (begin: (proxy: Setting['proxies'][Name], choice: number) => void): Fault =>
    ({ setting }, choice) => {
      const proxy = setting.proxies[name];
      begin(proxy, choice);
      return () => proxy.heal();
    };
  const faults: Record<NetworkFault, Fault> = {
    silent: weather((proxy) => proxy.blackHole()),
    stalled: weather((proxy) => proxy.stall()),
    sliced: weather((proxy) => proxy.slice()),
    slow: weather((proxy) => proxy.delay(slowMs)),
    refused: weather((proxy) => proxy.refuse()),
    reset: ({ setting }, choice) => {
      const proxy = setting.proxies[name];
      const bytes = chosen(resetAfter, choice);
      proxy.resetAfter(bytes);
      const timer = setInterval(() => proxy.resetAfter(bytes), RESET_EVERY_MS);
      return () => {
        clearInterval(timer);
        proxy.heal();
      };
    },
  };
  const named = Object.entries(faults).map(([fault, begin]) => [`${name}-${fault}`, begin]);
  return Object.fromEntries(named) as Record<`${Server}-${NetworkFault}`, Fault>;
}
