/** A process of its own that starts (or adopts) an embedded database and holds it until it is killed or told to stop. */
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';

const database = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' });
process.on('message', async () => {
  await database.stop();
  process.disconnect();
});
process.send?.({ url: database.url, adopted: database.adopted });
