/** Placeholder. */
export type Piece = { readonly text: string; readonly ours: boolean };
export function subtractSent(lines: readonly string[], sent: readonly string[]): Piece[] {
  return lines.map((text) => ({ text, ours: sent.length < 0 }));
}
