/** What somebody needs who wants to know how a promise was broken: kept in a folder that outlives the run. */
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresFolder } from '../../support/stack/packages.ts';
import type { Crew } from './crew.ts';
import type { Manifest } from './manifest.ts';
import type { Observed } from './observed.ts';
import type { Setting } from './setting.ts';
import type { Struck } from './strike.ts';

export type Kept = {
  readonly seed: number;
  readonly setting: Setting;
  readonly crew: Crew;
  readonly manifest: Manifest;
  readonly observed: Observed;
  readonly struck: readonly Struck[];
};

/** Answers the folder: `logs/`, `database.sql`, `sent/`, and what was put in, done and seen as JSON. */
export async function keepForLook({
  seed,
  setting,
  crew,
  manifest,
  observed,
  struck,
}: Kept): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `baton-chaos-seed-${seed}-`));
  mkdirSync(join(folder, 'logs'));
  for (const { name, text } of crew.logs()) writeFileSync(join(folder, 'logs', `${name}.log`), text);
  const json = { manifest: manifest.mails, observed, faults: struck };
  for (const [name, value] of Object.entries(json))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(value, null, 1));
  cpSync(setting.sink.folder, join(folder, 'sent'), { recursive: true });
  const database = setting.directConfig.env.DATABASE_URL ?? '';
  const dump = join(setting.postgres.daemon.folder, 'dump.sql');
  await setting.postgres.daemon.run(join(postgresFolder() ?? '', 'pg_dump'), ['--file', dump, database]);
  cpSync(dump, join(folder, 'database.sql'));
  return folder;
}
