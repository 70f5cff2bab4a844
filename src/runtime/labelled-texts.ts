/**
 * Texts with their category out of files for learning and trying out: a JSON object `{"text", "label"}` on each line.
 * The label "oos", or null, stands for what belongs to no category. A line that is something else is told with its
 * number, and nothing is learned from half a file.
 */
import { open } from 'node:fs/promises';
import type { CategoryId } from '../domain/ids.ts';
import { contentOfText, type Example } from '../domain/learning/example.ts';

/** What the published data sets call out of scope. */
const NONE = 'oos';

export type Labelled = Example & { readonly text: string };

export type Unreadable = { readonly file: string; readonly line: number; readonly why: string };

export async function readLabelled(
  file: string,
): Promise<{ readonly labelled: Labelled[]; readonly unreadable: Unreadable[] }> {
  const labelled: Labelled[] = [];
  const unreadable: Unreadable[] = [];
  let line = 0;
  const handle = await open(file);
  // Ends the handle as well.
  for await (const written of handle.readLines({ encoding: 'utf8' })) {
    line += 1;
    if (written.trim() === '') continue;
    const found = readLine(line === 1 ? written.replace(/^\ufeff/, '') : written);
    if (typeof found === 'string') unreadable.push({ file, line, why: found });
    else labelled.push(found);
  }
  return { labelled, unreadable };
}

/** The text with its label, or what is wrong with the line. */
function readLine(written: string): Labelled | string {
  let object: unknown;
  try {
    object = JSON.parse(written);
  } catch {
    return 'it is no JSON';
  }
  if (typeof object !== 'object' || object === null) return 'it is no JSON object';
  const { text, label } = object as { readonly text?: unknown; readonly label?: unknown };
  if (typeof text !== 'string') return '"text" is missing, or is no text';
  if (label !== null && typeof label !== 'string') return '"label" is missing, or is neither a text nor null';
  return { text, content: contentOfText(text), category: categoryOf(label) };
}

const categoryOf = (label: string | null): CategoryId | null => (label === NONE ? null : label);
