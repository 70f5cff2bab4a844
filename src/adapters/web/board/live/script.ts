/** The script of the board: one small file of our own, which browsers keep under a name that changes with it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const BOARD_SCRIPT = readFileSync(new URL('./board.js', import.meta.url), 'utf8');

export const SCRIPT_PATH = `/board-${createHash('sha256').update(BOARD_SCRIPT).digest('base64url').slice(0, 12)}.js`;
