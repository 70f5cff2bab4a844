/** How long a member's answer waits when the worker that carries it out is killed. */
import { fromMs } from '../../../src/domain/instant.ts';
import { writeLetter } from '../../support/letters.ts';
import type { Production, Servers } from '../../support/stack/production.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { activeOf } from './faults.ts';
import { type Figures, figuresOf, isAskedFor, type Shape, type Times } from './times.ts';

const DEADLINE_MS = 300_000;

type Options = {
  readonly repeats: number;
  readonly only: string;
  readonly say: (line: string) => void;
};

export async function measureReplies(
  production: Production,
  { sink }: Pick<Servers, 'sink'>,
  shape: Shape,
  { repeats, only, say }: Options,
): Promise<Figures[]> {
  const another = shape === 'two of each' ? 'another runs' : 'started again';
  const fault = `replies killed, ${another}`;
  if (!isAskedFor(only, fault)) return [];
  const trials: Times[] = [];
  for (let trial = 1; trial <= repeats; trial += 1) {
    // Both are there before the fault, so that only the answers are waited for.
    const [first, second] = [await offerIn(production, sink), await offerIn(production, sink)];
    const at = Date.now();
    const before = await answer(production, first);
    await production.kill(activeOf(production, 'replies'));
    const after = await answer(production, second);
    if (shape === 'one of each') await production.start('replies');
    const cameAt = Date.now();
    const waits = await Promise.all([before, after].map((uid) => settledAt(production, uid)));
    const [caughtUp = 0, flowing = 0] = waits.map((settled) => Math.max(0, Math.round(settled - at)));
    trials.push({ flowing, caughtUp, slowest: Math.max(caughtUp, flowing) });
    say(`${fault} (${trial} of ${repeats}): ${flowing} ms, up again after ${cameAt - at} ms`);
    if (shape === 'two of each') await production.start('replies');
  }
  return [figuresOf({ fault, shape, within: 60 }, trials)];
}

type Offer = { readonly replyTo: string; readonly messageId: string };

const answered = new Set<string>();

/** A letter comes, and a member is asked: answers where they answer to. */
async function offerIn(production: Production, sink: Servers['sink']): Promise<Offer> {
  await production.deliverOne();
  let found: Offer | undefined;
  await waitUntil(
    'a member is asked',
    () => {
      found =
        sink
          .mails()
          .filter(({ envelopeTo }) => envelopeTo === 'leah@team.example')
          .map(({ raw }) => offerOf(Buffer.from(raw).toString('latin1')))
          .find((offer) => offer !== null && !answered.has(offer.messageId)) ?? undefined;
      return found !== undefined;
    },
    DEADLINE_MS,
  );
  if (found === undefined) throw new Error('bug: asked and not asked');
  answered.add(found.messageId);
  return found;
}

function offerOf(raw: string): Offer | null {
  const header = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const replyTo = /^Reply-To: .*?([^\s<>]+@[^\s<>]+)/im.exec(header)?.[1];
  const messageId = /^Message-ID: *<([^<>]+)>/im.exec(header)?.[1];
  return replyTo === undefined || messageId === undefined ? null : { replyTo, messageId };
}

const answer = (production: Production, { replyTo, messageId }: Offer): Promise<number> =>
  production.append(
    writeLetter({
      ...{ from: 'Leah <leah@team.example>', to: [replyTo], subject: 'Re: a request', text: 'accept' },
      ...{
        date: fromMs(Date.now()),
        messageId: `answer-to-${messageId}`,
        answers: { messageId, references: [] },
      },
    }),
  );

/** When the answer was carried out, in milliseconds since 1970. */
async function settledAt({ pool }: Production, uid: number): Promise<number> {
  let at: number | null = null;
  await waitUntil(
    'the answer is carried out',
    async () => {
      const { rows } = await pool.query<{ at: number; disposition: string }>(
        `SELECT extract(epoch FROM settled_at)::float8 * 1000 AS at, disposition FROM message
         WHERE uid = $1 AND stage = 'settled'`,
        [uid],
      );
      const [row] = rows;
      if (row !== undefined && row.disposition !== 'command')
        throw new Error(`the answer became ${row.disposition}`);
      at = row?.at ?? null;
      return at !== null;
    },
    DEADLINE_MS,
  );
  if (at === null) throw new Error('bug: settled and not settled');
  return at;
}
