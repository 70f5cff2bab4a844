/** `npm run bench` on any supported Node: has Baton install what it needs, then measures on the Node that it runs on. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const run = (command, args, stdout) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', stdout, 'inherit'] }).status ?? 1;

const setUp = run(process.execPath, [join(root, 'src/cli/bootstrap.mjs'), '--help'], 'ignore');
const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const args = process.argv.slice(2);
// One long intake is another measurement than many requests at once, with other servers and figures.
const program = args.some((arg) => arg.startsWith('--intake')) ? 'intake.ts' : 'main.ts';
process.exitCode = setUp || run(node, [join(root, 'test/bench', program), ...args], 'inherit');
