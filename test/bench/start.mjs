/**
 * `npm run bench` on any supported Node: has Baton install what it needs, builds it as the image does (BATON_PROGRAM:
 * another build, or `src/cli/main.ts`), and measures that on the Node that it runs on.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const built = join(root, 'dist/src/cli/main.js');
const env = { BATON_PROGRAM: built, ...process.env };
const run = (command, args, stdout) =>
  spawnSync(command, args, { cwd: root, env, stdio: ['ignore', stdout, 'inherit'] }).status ?? 1;

const args = process.argv.slice(2);
const isToBuild = env.BATON_PROGRAM === built && !args.includes('--help');
const setUp =
  run(process.execPath, [join(root, 'src/cli/bootstrap.mjs'), '--help'], 'ignore') ||
  (isToBuild ? run(process.execPath, [join(root, 'src/cli/build.mjs')], 'ignore') : 0);
const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
// One long intake is another measurement than many requests at once, with other servers and figures.
const program = args.some((arg) => arg.startsWith('--intake')) ? 'intake.ts' : 'main.ts';
process.exitCode = setUp || run(node, [join(root, 'test/bench', program), ...args], 'inherit');
