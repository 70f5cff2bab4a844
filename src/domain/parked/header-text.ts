/** The header of a mail as text, as far as bytes of it are there. */

/** Longer headers are read in a mail program. */
const HEADER_BYTES_MAX = 65_536;

/** Bytes that are no UTF-8 become the sign for what could not be read. */
export function headerText(raw: Uint8Array): string {
  const text = new TextDecoder().decode(raw.subarray(0, HEADER_BYTES_MAX));
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? text : text.slice(0, end.index);
}
