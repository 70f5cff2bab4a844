/**
 * The test company with its board: the store on PostgreSQL, everything else in this process, served on a port of its own.
 * Members sign in as they would, by the link that is mailed to them.
 */

import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { serveBoard } from '../../src/runtime/board.ts';
import type { BoardServices } from '../../src/runtime/board-services.ts';
import { boardServices } from '../../src/runtime/board-services.ts';
import type { Services } from '../../src/runtime/services.ts';
import { LOCAL } from './board.ts';
import { openStoreOffice, type StoreOffice, type StoreOfficeOptions } from './store-office.ts';
import { waitUntil } from './wait-until.ts';

export type BoardOffice = Awaited<ReturnType<typeof openBoardOffice>>;

export async function openBoardOffice(
  databaseUrl: string,
  options: StoreOfficeOptions & { readonly services?: (made: BoardServices) => BoardServices } = {},
) {
  const office = await openStoreOffice(databaseUrl, options);
  const { pool, clock, deps } = office;
  const made = boardServices(pool, clock, deps.policy);
  const board = options.services?.(made) ?? made;
  const settings = {
    get policy() {
      return deps.policy();
    },
  };
  const served = await serveBoard({ board, deps, settings } as unknown as Services, LOCAL);
  return {
    office,
    url: served.url.replace(/\/$/, ''),
    app: served.app,
    /** The cookie of somebody who has just signed in, as browsers send it. */
    signIn: (member: string) => signIn(office, served.url.replace(/\/$/, ''), member),
    async close(): Promise<void> {
      await served.close();
      await office.close();
    },
  };
}

async function signIn(office: StoreOffice, url: string, member: string): Promise<string> {
  const { deps, memory } = office;
  const address = deps.policy().members.get(member)?.addresses[0] ?? '';
  const jar = new Map<string, string>();
  const ask = async (path: string, form?: Readonly<Record<string, string>>): Promise<string> => {
    const response = await fetch(`${url}${path}`, {
      redirect: 'manual',
      headers: {
        cookie: cookieOf(jar),
        ...(form !== undefined && { origin: url, 'sec-fetch-site': 'same-origin' }),
      },
      ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response.text();
  };
  const csrfIn = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const before = memory.delivered.length;
  await ask('/sign-in', { csrf: csrfIn(await ask('/sign-in')), address });
  const path = await mailedLink(office, before);
  await ask(path, { csrf: csrfIn(await ask(path)) });
  return cookieOf(jar);
}

/** The path of the link that is mailed after so many mails. */
export async function mailedLink({ memory, bells }: StoreOffice, before: number): Promise<string> {
  // It is mailed after the page has been answered, so that its time tells nobody who is known.
  await waitUntil('a link that signs in is mailed', async () => {
    await bells.drain();
    return memory.delivered.length > before;
  });
  const raw = memory.delivered.at(-1)?.raw ?? new Uint8Array();
  return /\/sign-in\/[\w-]+/.exec((await parseInProcess(raw)).text)?.[0] ?? '';
}

const cookieOf = (jar: ReadonlyMap<string, string>): string =>
  [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
