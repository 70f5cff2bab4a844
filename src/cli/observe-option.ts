/** The option `--observe`: where a worker answers machines, in place of what the configuration says. */
import { InvalidArgumentError, Option } from 'commander';
import type { Config } from '../config/schema.ts';
import type { Place } from '../runtime/observe.ts';

type Given = Pick<Place, 'host' | 'port'>;

const PORT_MAX = 65_535;

export const observeOption = (): Option =>
  new Option(
    '--observe <[host:]port>',
    'answer /healthz, /readyz and /metrics there (default: observe of the configuration); 0 for any free port',
  )
    .env('BATON_OBSERVE')
    .argParser(readPlace);

/** @throws what Commander makes a wrong usage of. */
export function readPlace(text: string): Given {
  const [, host = '127.0.0.1', port = ''] = /^(?:\[?([0-9A-Za-z.:-]+?)\]?:)?(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > PORT_MAX)
    throw new InvalidArgumentError(
      'Give a port such as 9464, or an address and a port such as 0.0.0.0:9464.',
    );
  return { host, port: Number(port) };
}

/** null: nowhere. */
export function placeOf({ observe }: Pick<Config, 'observe'>, given: Given | undefined): Place | null {
  const place = given ?? observe;
  if (place === undefined) return null;
  return { host: place.host, port: place.port, token: observe?.token ?? null };
}
