/**
 * The configuration file as a tree of plain values, with the place of each in the file and with `${NAME}` and
 * `{file: path}` replaced by what they stand for. Reads everything it can and collects what is wrong.
 *
 * Bounded whatever the file holds: size, depth and the number of values after aliases are unfolded. What came from
 * outside, and what stands where a secret belongs, is never part of a problem: not even the words of the YAML
 * parser are passed on, since they may quote a piece of a password.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { type Finding, type Path, type Problem, pathText } from './problems.ts';
import { type Fault, faultOf, faultText, withoutEcho } from './yaml-faults.ts';

/** Larger than any configuration that a person could keep in their head. */
export const FILE_BYTES_MAX = 1_048_576;
const DEPTH_MAX = 20;
const VALUES_MAX = 50_000;

export type Environment = Readonly<Record<string, string | undefined>>;
/** The text of a secret's file, or why it cannot be read; `path` as it stands in the configuration. */
export type ReadSecretFile = (path: string) => { ok: true; text: string } | { ok: false; why: string };

export type Source = {
  /** Objects without a prototype, lists, text, numbers and booleans; keys without a value are left out. */
  readonly tree: unknown;
  readonly problems: readonly Problem[];
  /** False when the YAML itself is broken, so that nothing can be said about what it means. */
  readonly readable: boolean;
  /** A finding with its file and line; null when it only follows from a problem that was already found. */
  place(finding: Finding): Problem | null;
  /** The value as it stands in the file, in quotes, cut to a length for one line; a secret as "this value". */
  quote(path: Path): string;
};

const SECRETS: readonly RegExp[] = [
  /^secret$/,
  /^inboxes\0[^\0]*\0(?:imap|smtp)\0password$/,
  /^oauth\0[^\0]*\0(?:clientSecret|serviceAccount)$/,
  /^(?:database|redis)\0url$/,
  /^alarm\0mail\0smtp\0password$/,
  /^alarm\0webhook\0(?:url|secret)$/,
  /^alarm\0heartbeat\0url$/,
  /^pages\0(?:url|secret)$/,
];

const keyOf = (path: Path): string => path.join('\0');

/** True for a secret and for whatever somebody wrote below one. */
export const isSecret = (path: Path): boolean =>
  path.some((_, index) => SECRETS.some((secret) => secret.test(keyOf(path.slice(0, index + 1)))));

/** A key that somebody wrote where a secret belongs may be that secret: the path ends before it. */
function shown(path: Path): Path {
  const length = path.findIndex((_, index) => isSecret(path.slice(0, index + 1)));
  return length === -1 ? path : path.slice(0, length + 1);
}

type Walk = {
  readonly env: Environment;
  readonly readSecretFile: ReadSecretFile;
  readonly standIn: string | undefined;
  readonly findings: (Finding & { offset: number })[];
  readonly offsets: Map<string, number>;
  readonly written: Map<string, string>;
  readonly broken: Set<string>;
  readonly anchors: Map<string, unknown>;
  values: number;
};

/**
 * Reads the text of a configuration file. `file` is only named in problems; `standIn` takes the place of what neither
 * the environment nor a file answers, for whoever does not use it.
 */
export function readSource(
  text: string,
  file: string,
  env: Environment,
  readSecretFile: ReadSecretFile,
  standIn?: string,
): Source {
  const lines = new LineCounter();
  const parsed = parse(text, lines);
  const walk: Walk = {
    env,
    readSecretFile,
    standIn,
    findings: [],
    offsets: new Map(),
    written: new Map(),
    broken: new Set(),
    anchors: new Map(),
    values: 0,
  };
  const tree = parsed.faults.length > 0 ? undefined : treeOf(walk, parsed.contents, []);
  const at = (offset: number, finding: Finding): Problem => {
    const { line, col } = lines.linePos(offset);
    const { message, remedy } = finding;
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: pathText(shown(finding.path)),
      message,
      remedy,
    };
  };
  return {
    tree,
    readable: parsed.faults.length === 0,
    problems: [...parsed.faults, ...walk.findings].map((finding) => at(finding.offset, finding)),
    place: (finding) => (isBroken(walk, finding.path) ? null : at(offsetOf(walk, finding.path), finding)),
    quote: (path) => quoted(walk, path),
  };
}

function parse(text: string, lineCounter: LineCounter): { contents: unknown; faults: Fault[] } {
  try {
    const document = parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
      logLevel: 'error',
    });
    // A warning is an unknown !tag, which would quietly change the value behind it.
    const faults = [...document.errors, ...document.warnings].map(faultOf);
    return { contents: document.contents, faults: withoutEcho(faults).slice(0, 20) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { contents: null, faults: [{ ...TOO_MUCH, path: [], offset: 0, alone: true }] };
  }
}

const TOO_MUCH = {
  message: `the file nests deeper than ${DEPTH_MAX} levels or unfolds to more than ${VALUES_MAX} values`,
  remedy: 'Look for an anchor (&) that is repeated (*) inside itself, or for brackets that never close.',
};

// Recursion is safe here: its depth is bounded by DEPTH_MAX, whatever the file holds.
function treeOf(walk: Walk, node: unknown, path: Path): unknown {
  walk.values += 1;
  if (path.length > DEPTH_MAX || walk.values > VALUES_MAX) {
    if (!walk.findings.some(({ message }) => message === TOO_MUCH.message)) note(walk, [], TOO_MUCH);
    walk.broken.add('');
    return undefined;
  }
  if (isAlias(node)) {
    if (walk.anchors.has(node.source)) return treeOf(walk, walk.anchors.get(node.source), path);
    spoil(walk, path, faultText('BAD_ALIAS'));
    return undefined;
  }
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined)
    walk.anchors.set(node.anchor, node);
  if (isMap(node)) return mappingOf(walk, node, path);
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const itemPath = [...path, index];
      mark(walk, itemPath, item);
      return treeOf(walk, item, itemPath);
    });
  }
  return isScalar(node) ? scalarOf(walk, node.value, node.source, path) : null;
}

function mappingOf(walk: Walk, node: YAMLMap, path: Path): unknown {
  const mapping: Record<string, unknown> = Object.create(null);
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const entryPath = [...path, key];
    if (walk.offsets.has(keyOf(entryPath)) && Object.hasOwn(mapping, key)) {
      const name = isSecret(path) ? 'this key' : `"${key}"`;
      const first = 'Keep one of the two.';
      note(walk, entryPath, { message: `${name} stands here twice`, remedy: first }, offsetIn(pair.key));
      continue;
    }
    mark(walk, entryPath, pair.key);
    if (key === '__proto__') {
      note(walk, entryPath, { message: 'this name is reserved', remedy: 'Choose another.' });
      continue;
    }
    const value = treeOf(walk, pair.value, entryPath);
    // A key whose value is commented out means the same as a key that is not there.
    if (value !== null) mapping[key] = value;
  }
  return isSecret(path) ? secretFromFile(walk, mapping, path) : mapping;
}

function scalarOf(walk: Walk, value: unknown, source: string | undefined, path: Path): unknown {
  // A password of digits must keep its leading zeros, and a user called 1e3 is not 1000.
  const asWritten = typeof value === 'number' && (isSecret(path) || path.at(-1) === 'user') ? source : value;
  if (typeof asWritten !== 'string') {
    walk.written.set(keyOf(path), source ?? String(value));
    return asWritten;
  }
  walk.written.set(keyOf(path), asWritten);
  return substituted(walk, asWritten, path);
}

/** Replaces each `${NAME}`; `$${` stands for a `${` that is meant as such. */
function substituted(walk: Walk, text: string, path: Path): string {
  return text.replaceAll(/\$\$\{|\$\{([^}]{0,200}\}?)/g, (found, inner: string | undefined) => {
    if (inner === undefined) return '$' + '{';
    const name = /^([A-Za-z_]\w*)\}$/.exec(inner)?.[1];
    if (name === undefined) {
      const remedy =
        'Write $' + '{NAME} with letters, digits and underscores; $$' + '{ stands for a plain $' + '{.';
      spoil(walk, path, {
        message: 'a $' + '{ is not followed by the name of an environment variable and }',
        remedy,
      });
      return found;
    }
    const value = Object.hasOwn(walk.env, name) ? walk.env[name] : undefined;
    if (value !== undefined && value !== '') return value;
    if (walk.standIn !== undefined) return walk.standIn;
    const state = value === '' ? 'is empty' : 'is not set';
    const remedy = `Set ${name} before Baton starts, for instance in the file .env beside this configuration.`;
    spoil(walk, path, { message: `the environment variable ${name} ${state}`, remedy });
    return found;
  });
}

function secretFromFile(walk: Walk, mapping: Record<string, unknown>, path: Path): unknown {
  const { file } = mapping;
  if (typeof file !== 'string' || Object.keys(mapping).length !== 1) return mapping;
  const read = walk.readSecretFile(file);
  const secret = read.ok ? read.text.replace(/\r?\n$/, '') : '';
  if (secret !== '') return secret;
  if (walk.standIn !== undefined) return walk.standIn;
  const message = read.ok ? 'the file of this secret is empty' : `the file of this secret ${read.why}`;
  const remedy =
    'Give a file that holds only the secret; a relative path begins at the folder of this configuration.';
  spoil(walk, path, { message, remedy });
  return mapping;
}

function mark(walk: Walk, path: Path, node: unknown): void {
  walk.offsets.set(keyOf(path), offsetIn(node) ?? offsetOf(walk, path));
}

function offsetIn(node: unknown): number | undefined {
  return (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined)?.[0];
}

function note(walk: Walk, path: Path, { message, remedy }: Omit<Finding, 'path'>, offset?: number): void {
  walk.findings.push({ path, message, remedy, offset: offset ?? offsetOf(walk, path) });
}

function spoil(walk: Walk, path: Path, what: Omit<Finding, 'path'>): void {
  note(walk, path, what);
  walk.broken.add(keyOf(path));
}

const prefixes = (path: Path): string[] =>
  Array.from({ length: path.length + 1 }, (_, cut) => keyOf(path.slice(0, path.length - cut)));

const isBroken = (walk: Walk, path: Path): boolean =>
  prefixes(path).some((prefix) => walk.broken.has(prefix));

/** Where the value stands, or else the nearest section around it. */
function offsetOf(walk: Walk, path: Path): number {
  for (const prefix of prefixes(path)) {
    const offset = walk.offsets.get(prefix);
    if (offset !== undefined) return offset;
  }
  return 0;
}

function quoted(walk: Walk, path: Path): string {
  const written = walk.written.get(keyOf(path));
  if (written === undefined || isSecret(path)) return 'this value';
  const [first = ''] = written.split('\n');
  return `"${first.length > 60 ? `${first.slice(0, 60)}…` : first}"`;
}
