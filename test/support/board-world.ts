/** The board in front of a world in memory, and browsers that keep cookies, fill in forms and press buttons. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { BoardContext, Pages } from '../../src/adapters/web/board/context.ts';
import { addFiles } from '../../src/adapters/web/board/files.ts';
import { addOrders } from '../../src/adapters/web/board/orders.ts';
import type { Place } from '../../src/adapters/web/board/place.ts';
import { boardApp } from '../../src/adapters/web/board/server.ts';
import { type DoorOptions, type SignInDoor, signInDoor } from '../../src/adapters/web/board/sign-in.ts';
import { fileFor } from '../../src/app/board-file.ts';
import { carryOutOrder } from '../../src/app/board-order.ts';
import type { Deps } from '../../src/app/deps.ts';
import type { Sessions } from '../../src/app/ports/door.ts';
import { askForLink } from '../../src/app/sign-in.ts';
import { toldOnBoard } from '../../src/app/told-on-board.ts';
import { withAbsences } from '../../src/domain/absences.ts';
import { LOCAL, quiet } from './board.ts';
import { memorySessions } from './memory/sessions.ts';
import type { World } from './world.ts';

export type BoardWorld = {
  readonly app: FastifyInstance;
  readonly door: SignInDoor;
  readonly sessions: Sessions;
  /** A browser that was never here, at an address of its own. */
  browser(address?: string): Browser;
  /** Asks for a link in the browser and opens it there. */
  signIn(member: string, browser?: Browser): Promise<Browser>;
  /** The link that was mailed last. */
  link(): Promise<string>;
};

/** Pages that show no more than a test needs. */
const bare: Pages = (app) => {
  app.get('/', async ({ viewer }) => `hello ${viewer.member} ${viewer.csrf}`);
  for (const path of ['/requests/:id', '/parked/:id', '/people'])
    app.get(path, async (request) => (await request.told()) ?? { carriedOut: null, paragraphs: [] });
};

/** What the board stands in front of. */
export type Ground = {
  readonly deps: () => Deps;
  readonly sessions: Sessions;
  settle(): Promise<unknown>;
  /** The text of the last mail with which somebody signs in. */
  lastSignIn(): Promise<string>;
};

export const groundOf = (world: World): Ground => ({
  deps: world.deps,
  sessions: memorySessions(world.store, world.clock),
  settle: world.settle,
  lastSignIn: async () => (await world.sent()).findLast(({ kind }) => kind === 'sign-in')?.mail.text ?? '',
});

export async function openBoard(
  ground: Ground,
  place: Place = LOCAL,
  changes: Partial<DoorOptions> = {},
): Promise<BoardWorld> {
  const { deps, sessions } = ground;
  const { secret, clock } = deps();
  const policy = async () => withAbsences(deps().policy(), await deps().store.toldAbsences());
  const door = signInDoor({
    ...{ place, sessions, policy, secret, log: quiet, now: () => clock.now() },
    ask: (asked) => askForLink(deps(), asked),
    wordsOf: (told) => toldOnBoard(deps(), told),
    ...changes,
  });
  const orders: Pages = (on) =>
    addOrders(on, { policy, tell: door.tell, carryOut: (order) => carryOutOrder(deps(), order) });
  const files: Pages = (on) => addFiles(on, (asked) => fileFor(deps(), asked));
  const context = {} as BoardContext;
  const app = await boardApp({ place, context, door, pages: [orders, files, bare], log: quiet });
  let visitors = 0;
  const browser = (address = `198.51.100.${++visitors}`) => new Browser(app, place, address);
  const link = async () => {
    await door.settled();
    await ground.settle();
    const found = /\/sign-in\/[\w-]{43}/.exec(await ground.lastSignIn())?.[0];
    if (found === undefined) throw new Error('no link was mailed');
    return found;
  };
  return {
    ...{ app, door, sessions, browser, link },
    async signIn(member, one = browser()) {
      const address = deps().policy().members.get(member)?.addresses[0] ?? '';
      await one.ask(address);
      await one.open(await link());
      return one;
    },
  };
}

export class Browser {
  readonly #app: FastifyInstance;
  readonly #place: Place;
  readonly address: string;
  cookies: Record<string, string> = {};
  /** Of the page that it saw last. */
  csrf = '';

  constructor(app: FastifyInstance, place: Place, address: string) {
    this.#app = app;
    this.#place = place;
    this.address = address;
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.#keep(await this.#app.inject({ url, ...this.#sent(headers) }));
  }

  /** Sends a form as a page of the board would, with its word unless another is given. */
  async post(
    url: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> {
    const payload = new URLSearchParams({ csrf: this.csrf, ...fields }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = this.#sent({ origin: this.#place.url, ...type, ...headers });
    return this.#keep(await this.#app.inject({ method: 'POST', url, ...sent, payload }));
  }

  /** Fills in the form that asks for a link. */
  async ask(address: string, next?: string): Promise<LightMyRequestResponse> {
    await this.get(`/sign-in${next === undefined ? '' : `?next=${encodeURIComponent(next)}`}`);
    return this.post('/sign-in', { address, ...(next !== undefined && { next }) });
  }

  /** Opens the link of a mail, presses its button, and looks at the first page. */
  async open(link: string): Promise<LightMyRequestResponse> {
    const shown = await this.get(link);
    if (shown.statusCode !== 200) return shown;
    const answer = await this.post(link);
    if (answer.statusCode === 303) await this.look();
    return answer;
  }

  /** Who it is signed in as, by the first page; null: nobody. */
  async look(): Promise<string | null> {
    const { body, statusCode } = await this.get('/');
    if (statusCode !== 200) return null;
    const [, member = null, csrf = ''] = body.split(' ');
    this.csrf = csrf;
    return member;
  }

  #sent(headers: Record<string, string>) {
    const cookie = Object.entries(this.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    const host = new URL(this.#place.url).host;
    return { remoteAddress: this.address, headers: { host, ...(cookie !== '' && { cookie }), ...headers } };
  }

  #keep(answer: LightMyRequestResponse): LightMyRequestResponse {
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0 || value === '') delete this.cookies[name];
      else this.cookies[name] = value;
    }
    const csrf = /name="csrf" value="([\w-]{43})"/.exec(answer.body)?.[1];
    if (csrf !== undefined) this.csrf = csrf;
    return answer;
  }
}
