/**
 * The JSON Schema of the configuration file, for editors. It is made from the zod schema and kept in
 * config/baton.schema.json; a test fails when the two differ. `node src/config/json-schema.ts --write` renews it.
 */
import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { configSchema } from './schema.ts';

export const SCHEMA_FILE = new URL('../../config/baton.schema.json', import.meta.url);

/** The text of config/baton.schema.json. Draft 7 is what editors' YAML support understands best. */
export function jsonSchemaText(): string {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-07' });
  const title = 'Baton configuration';
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}

if (import.meta.main) {
  if (process.argv.includes('--write')) writeFileSync(SCHEMA_FILE, jsonSchemaText());
  else process.stdout.write(jsonSchemaText());
}
