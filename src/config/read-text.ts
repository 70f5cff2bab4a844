/** Files of the configuration as text: bounded, regular, UTF-8, or the reason why not in words for an operator. */
import { readFileSync, statSync } from 'node:fs';

export type ReadText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string; readonly missing: boolean };

/** The text of a regular file of at most `bytesMax` bytes in UTF-8, with or without its byte order mark. */
export function readText(path: string, bytesMax: number): ReadText {
  try {
    const stat = statSync(path);
    // A device or a pipe could be read for ever.
    if (!stat.isFile()) return { ok: false, why: 'is not a regular file', missing: false };
    if (stat.size > bytesMax) return { ok: false, why: `is larger than ${bytesMax} bytes`, missing: false };
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { ok: false, why: 'is not UTF-8 text', missing: false };
    if (code === '') throw error;
    return { ok: false, why: WHY[code] ?? `cannot be read (${code})`, missing: code === 'ENOENT' };
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
};
