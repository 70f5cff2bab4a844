/**
 * What the schema objects to, in words for the person who wrote the file. The remedy is the description that the
 * schema gives the place; no value of the file is quoted except where one of a few words was expected.
 */
import * as z from 'zod';
import { didYouMean, type Finding, list, type Path } from './problems.ts';
import { configSchema } from './schema.ts';
import { isSecret, type Source } from './source.ts';

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.JSONSchema;

/** All findings in the issues, each at the deepest place it can be told for. */
export function findingsOf(issues: readonly Issue[], source: Source): Finding[] {
  return issues.flatMap((issue) => unfold(issue, [])).flatMap(({ issue, path }) => say(issue, path, source));
}

type Placed = { readonly issue: Issue; readonly path: Path };

/** Of a union's branches only the one that the value was meant for: the one that does not refuse it as a whole. */
function unfold(issue: Issue, above: Path): Placed[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const meant = issue.errors.filter((branch) => !branch.some(refusesKind));
  const branch = meant.length === 1 ? meant[0] : undefined;
  // Below a secret nothing is named, since a key there may be the secret.
  const hidden = isSecret(path) && branch?.some((inner) => inner.path.length > 0);
  return branch === undefined || hidden ? [{ issue, path }] : branch.flatMap((inner) => unfold(inner, path));
}

const refusesKind = (issue: Issue): boolean => issue.code === 'invalid_type' && issue.path.length === 0;

function say(issue: Issue, path: Path, source: Source): Finding[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path));
  const message = messageOf(issue, path, source);
  const given: unknown = issue.code === 'custom' ? issue.params?.remedy : undefined;
  const name = issue.code === 'invalid_key' ? schemasAt(path.slice(0, -1)).find(hasKeyNames) : undefined;
  const described = name?.propertyNames.description ?? descriptionOf(path);
  const remedy = typeof given === 'string' ? given : `${hintOf(issue, path, source)}${described}`;
  return [{ path, message, remedy }];
}

/** The word that was probably meant, or how a number becomes text where any text will do. */
function hintOf(issue: Issue, path: Path, source: Source): string {
  const value = valueAt(source.tree, path);
  if (issue.code === 'invalid_value' && typeof value === 'string')
    return didYouMean(value, issue.values.map(String));
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string' && path[0] !== 'clocks';
  return wantsText && (typeof value === 'number' || typeof value === 'boolean')
    ? 'In quotes it is text. '
    : '';
}

function messageOf(issue: Issue, path: Path, source: Source): string {
  const value = valueAt(source.tree, path);
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'invalid_key':
      return `"${String(path.at(-1))}" cannot be used as a name here`;
    case 'invalid_value':
      return value === undefined ? 'this is missing' : `${source.quote(path)} cannot be chosen here`;
    case 'too_small':
      return typeof value === 'number' ? 'this number is too small' : 'this is empty';
    case 'too_big':
      return typeof value === 'number' ? 'this number is too large' : 'this is too long';
    case 'invalid_type':
      if (value === undefined) return 'this is missing';
      if (issue.expected === 'int' && typeof value === 'number') return 'this is not a whole number';
      return `this is ${kindOf(value)}, and ${EXPECTED[issue.expected] ?? issue.expected} is needed`;
    case 'invalid_union':
      return value === undefined ? 'this is missing' : `this is ${kindOf(value)}, which is not expected here`;
    default:
      return 'this is not of the right form';
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a section of keys with values',
  record: 'a section of keys with values',
  array: 'a list',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section of keys with values';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'text';
}

function unknownKey(key: string, path: Path): Finding {
  if (isSecret(path)) return { path, message: 'this section is not known here', remedy: descriptionOf(path) };
  const known = schemasAt(path).flatMap((schema) => Object.keys(schema.properties ?? {}));
  const remedy = `${didYouMean(key, known)}Known here: ${list(known, 24)}.`;
  return { path: [...path, key], message: `no key is called "${key}" here`, remedy };
}

let schemaCache: JsonSchema | undefined;

/** The schema as it reads for an editor; made once, when the first problem needs it. */
function rootSchema(): JsonSchema {
  schemaCache ??= z.toJSONSchema(configSchema, { io: 'input' });
  return schemaCache;
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

const hasKeyNames = (
  schema: JsonSchema,
): schema is JsonSchema & { propertyNames: { description?: string } } => isSchema(schema.propertyNames);

const branches = (schema: JsonSchema): JsonSchema[] => [schema, ...(schema.anyOf ?? []).filter(isSchema)];

/** The schemas that may hold at a place: the one there and the branches of its unions. */
function schemasAt(path: Path): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (schemas, part) => schemas.flatMap((schema) => below(schema, part)).flatMap(branches),
    branches(rootSchema()),
  );
}

function below(schema: JsonSchema, part: string | number): JsonSchema[] {
  const next =
    typeof part === 'number' ? schema.items : (schema.properties?.[part] ?? schema.additionalProperties);
  return isSchema(next) && !Array.isArray(next) ? [next] : [];
}

/** What would be right at a place, or at the nearest one around it that says so. */
export function descriptionOf(path: Path): string {
  for (let length = path.length; length > 0; length -= 1) {
    const told = schemasAt(path.slice(0, length)).find(({ description }) => description !== undefined);
    if (told?.description !== undefined) return told.description;
  }
  return 'See config/baton.example.yaml for a complete example.';
}

/** The value at a place of the tree, undefined when there is none. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    tree,
  );
}
