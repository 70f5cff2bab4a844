/**
 * Takes mails that ask for fetching all the way: parsed in killable children, made requests, asked of members, composed.
 * Everything it needs is in this process, so that no connection of it is an honest one. With `fetch` as its argument it
 * does what such a mail asks for: the watcher has to see that.
 */
import assert from 'node:assert/strict';
import { openParserPool } from '../../../src/adapters/mime/parser-pool.ts';
import { openWorld } from '../world.ts';
import { EVIL_HOST, hostileLinks } from './hostile-links.ts';

if (process.argv[2] === 'fetch') {
  await fetch(`http://${EVIL_HOST}:8066/pixel.gif`).catch(() => {});
  process.stdout.write(JSON.stringify({ mails: 0, sent: 0 }));
  process.exit();
}

const mails = hostileLinks();
const pool = openParserPool();
const parsed = await pool.parse(mails);
assert(parsed.every(({ ok }) => ok));
for (const raw of mails) await pool.readFiles(raw, { bytesMax: 1_000_000 });
await pool.extractReply(mails.map((raw) => ({ raw, sent: [] })));
await pool.close();

const world = await openWorld();
for (const raw of mails) {
  world.deliver('maintenance', raw);
  await world.settle();
}
process.stdout.write(`${JSON.stringify({ mails: mails.length, sent: (await world.sent()).length })}\n`);
process.exit();
