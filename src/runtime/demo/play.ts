/** Plays the sample day on a stage of its own, from the older mail in the mailboxes to the end of the working day. */
import { postgresBoard } from '../../adapters/db/board.ts';
import type { Names } from '../../app/board-words.ts';
import type { Board } from '../../app/ports/board.ts';
import type { Log } from '../../app/ports/log.ts';
import { agenda as newAgenda } from './agenda.ts';
import { END, plan, reactions, START } from './day.ts';
import { playUntil } from './director.ts';
import { olderMail } from './mails-past-and-sent.ts';
import { type Line, narrator } from './narrator.ts';
import { openStage, type Stage, type StartWork } from './stage.ts';
import type { Delivery } from './world.ts';

export type PlayOptions = {
  readonly startWork: StartWork;
  readonly log: Log;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Called at each rest with the clock's time and what has happened since the last. */
  readonly show: (stage: Stage, lines: readonly Line[]) => void | Promise<void>;
};

export type Played = {
  readonly stage: Stage;
  readonly board: Board;
  readonly names: Names;
  /** What has happened since it was last asked. */
  readonly news: () => Promise<Line[]>;
};

/** The stage stays open; close it. When anything goes wrong it is closed already. */
export async function playDay({ startWork, log, say, signal, show }: PlayOptions): Promise<Played> {
  const agenda = newAgenda();
  const hands: { deliver: (deliveries: readonly Delivery[]) => Promise<void> } = {
    deliver: () => Promise.reject(new Error('nobody receives mail before the stage is open')),
  };
  const deliver = (deliveries: readonly Delivery[]) => hands.deliver(deliveries);
  const onReceived = reactions(agenda, deliver);
  const stage = await openStage({ start: START, startWork, log, say, onReceived });
  hands.deliver = stage.deliver;
  try {
    const { services, clock } = stage;
    const played = toldOf(stage);
    const { news } = played;
    const world = () => ({ now: clock.now(), received: stage.received });
    await stage.deliver(olderMail(START));
    const besides: Line[] = [];
    const noteLuis = async () => {
      await stage.noteLuis();
      besides.push({
        at: clock.now(),
        text: 'Leah writes Luis’s leave into the configuration, which is in force at once',
      });
    };
    plan({ agenda, world, deliver, noteLuis });
    await playUntil({
      deps: services.deps,
      clock,
      agenda,
      until: END,
      untilAtRest: () => stage.untilAtRest(signal),
      onRest: async () => show(stage, [...besides.splice(0), ...(await news())]),
    });
    return played;
  } catch (error) {
    await stage.close();
    throw error;
  }
}

/** A stage, and what there is to tell of it. */
export function toldOf(stage: Stage): Played {
  const board = postgresBoard(stage.pool);
  const names = firstNames(stage);
  return { stage, board, names, news: narrator(board, names) };
}

const firstNames =
  ({ services }: Stage): Names =>
  (id) =>
    services.settings.policy.members.get(id)?.name.split(' ')[0] ?? id;
