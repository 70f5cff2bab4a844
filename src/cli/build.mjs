/** `npm run build`: JavaScript for the production image in `dist`, with what the compiler leaves behind. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const NOT_COMPILED = [
  'prisma/migrations',
  'src/runtime/file-lock.mjs',
  'src/runtime/parent.mjs',
  'src/adapters/web/board/live/board.js',
  'src/adapters/web/playground/playground.js',
];

rmSync(`${root}dist`, { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const path of NOT_COMPILED) cpSync(`${root}${path}`, `${root}dist/${path}`, { recursive: true });
