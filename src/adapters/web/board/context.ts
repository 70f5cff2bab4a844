/** What the pages of the board are made from, and who looks at them. Each group of pages is a file beside this one. */
import type { FastifyInstance } from 'fastify';
import type { Board } from '../../../app/ports/board.ts';
import type { ParkedList } from '../../../app/ports/parked.ts';
import type { Requests } from '../../../app/ports/requests.ts';
import type { ToldAnswer } from '../../../app/told-on-board.ts';
import type { MemberId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { Sight } from '../../../domain/sight.ts';

export type BoardContext = {
  readonly requests: Requests;
  readonly histories: Board;
  readonly parked: ParkedList;
  /** With who is away by now. */
  readonly policy: () => Promise<Policy>;
  readonly now: () => Instant;
  /** What the board is called: the name of the first inbox. */
  readonly title: string;
};

/** Whoever is signed in, as far as a page needs them. */
export type Viewer = {
  readonly member: MemberId;
  readonly name: string;
  readonly sight: Sight;
  readonly timeZone: string;
  /** Stands in each form of theirs (`<input name="csrf">`): without it nothing is done. */
  readonly csrf: string;
};

/** Adds pages. They are asked for by whoever is signed in: `request.viewer` is there. */
export type Pages = (app: FastifyInstance, context: BoardContext) => void;

declare module 'fastify' {
  interface FastifyRequest {
    /** What came of the order that this page follows, once; null: it follows none. */
    told: () => Promise<ToldAnswer | null>;
    /** Set by the door (sign-in.ts) before any page is made. */
    viewer: Viewer;
  }
}
