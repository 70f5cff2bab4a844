/**
 * For Prisma's own command line. Baton itself needs it only to find the schema: it migrates with the engine from
 * npm (src/adapters/db/migrate.ts) and takes the address of the database from its configuration.
 */
import { defineConfig } from 'prisma/config';

const { DATABASE_URL } = process.env;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(DATABASE_URL === undefined ? {} : { datasource: { url: DATABASE_URL } }),
});
