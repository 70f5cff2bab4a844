/** The script of the playground: one small file of our own, under a name that changes with it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const PLAYGROUND_SCRIPT = readFileSync(new URL('./playground.js', import.meta.url), 'utf8');

export const SCRIPT_PATH = `/playground/${createHash('sha256').update(PLAYGROUND_SCRIPT).digest('base64url').slice(0, 12)}.js`;
