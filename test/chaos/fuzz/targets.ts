/** Everything that is fuzzed. */
import type { Target } from './target.ts';
import { authentication } from './targets/authentication.ts';
import { board } from './targets/board.ts';
import { bounces, calendar, encodings, files, htmlText } from './targets/bodies.ts';
import { grammar } from './targets/grammar.ts';
import { addresses, headers, ids, subject } from './targets/header-values.ts';
import { compose, config } from './targets/own-words.ts';
import { parse, pool } from './targets/parse.ts';
import { reply } from './targets/reply.ts';
import { token } from './targets/token.ts';

export const Targets: readonly Target[] = [
  ...[
    grammar,
    token,
    authentication,
    reply,
    parse,
    pool,
    addresses,
    ids,
    headers,
    subject,
    htmlText,
    encodings,
    files,
  ],
  ...[calendar, bounces, board, compose, config],
];

export function targetNamed(name: string): Target {
  const found = Targets.find((target) => target.name === name);
  if (found === undefined) throw new RangeError(`there is no target ${JSON.stringify(name)}`);
  return found;
}
