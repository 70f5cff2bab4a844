/** The key `board`: where the board is served and by which address people reach it. */
import * as z from 'zod';
import { checked, port } from './fields.ts';
import { isLoopback } from './values.ts';

const PORT = 3_000;

/** A session crosses a network only under TLS. */
function isSafe(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** An address of this host, as one listens on it. */
const listenHost = checked(
  (value) => /^(?:[0-9a-f:.]{2,45}|localhost)$/i.test(value),
  'this is no address of this host',
).describe(
  'The address of this host to listen on: 127.0.0.1, or 0.0.0.0 for all of them, as in a container. Default: 127.0.0.1.',
);

const proxy = checked(
  (value) => /^[0-9a-f:.]{2,45}(?:\/\d{1,3})?$/i.test(value),
  'this is no IP address or range of them',
).describe('An IP address such as 10.0.0.5, or a range such as 10.0.0.0/24.');

export const board = z
  .strictObject({
    url: checked(isSafe, 'this is no address that the board may have')
      .transform((value) => new URL(value).origin)
      .optional()
      .describe(
        'The address by which people reach the board, without a path: https://… of the proxy in front of it, or http:// to this same host. Default: http://localhost and its port.',
      ),
    host: listenHost.prefault('127.0.0.1'),
    port: port(`The port to listen on, from 1 to 65535. Default: ${PORT}.`),
    proxies: z
      .array(proxy)
      .default([])
      .describe(
        'Proxies whose word for the address of a visitor counts, besides any on this host: IP addresses or ranges.',
      ),
    serve: z
      .boolean()
      .default(true)
      .describe('Whether "start all" serves the board; "start board" always does. Default: true.'),
  })
  .transform((given) => {
    const listens = given.port ?? PORT;
    return { ...given, port: listens, url: given.url ?? `http://localhost:${listens}` };
  })
  .prefault({})
  .describe('The board, a web page for members: url, host, port, proxies and serve.');
