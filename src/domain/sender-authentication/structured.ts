/**
 * The words of a structured header field (RFC 5322 section 3.2): comments, quoted strings and runs of anything else,
 * told apart in one pass. What is inside a comment or a quoted string is never taken for anything but that.
 */

export type Piece = {
  readonly kind: 'word' | 'quoted' | 'comment' | 'mark';
  readonly text: string;
  /** No white space and no comment stands between it and the piece before. */
  readonly adjoins: boolean;
};

/**
 * Takes a value apart; each character of `marks` is a piece of its own. Null when a comment or a quoted string is
 * never closed: two programs would read such a value differently.
 */
export function piecesOf(value: string, marks: string): readonly Piece[] | null {
  const pieces: Piece[] = [];
  let at = 0;
  let adjoins = false;
  while (at < value.length) {
    const character = value.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      adjoins = false;
      continue;
    }
    const read = character === '(' ? comment(value, at) : character === '"' ? quoted(value, at) : null;
    if (read === null && (character === '(' || character === '"')) return null;
    const { kind, text, end } = read ?? plain(value, at, marks);
    pieces.push({ kind, text, adjoins });
    adjoins = kind !== 'comment';
    at = end;
  }
  return pieces;
}

type Read = Pick<Piece, 'kind' | 'text'> & { readonly end: number };

function plain(value: string, start: number, marks: string): Read {
  if (marks.includes(value.charAt(start))) return { kind: 'mark', text: value.charAt(start), end: start + 1 };
  let end = start;
  while (end < value.length && !/[\s("]/.test(value.charAt(end)) && !marks.includes(value.charAt(end)))
    end += 1;
  return { kind: 'word', text: value.slice(start, end), end };
}

function quoted(value: string, start: number): Read | null {
  let text = '';
  for (let at = start + 1; at < value.length; at += 1) {
    const character = value.charAt(at);
    if (character === '"') return { kind: 'quoted', text, end: at + 1 };
    if (character === '\\') at += 1;
    text += value.charAt(at);
  }
  return null;
}

/** Comments nest. */
function comment(value: string, start: number): Read | null {
  let depth = 0;
  for (let at = start; at < value.length; at += 1) {
    const character = value.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')') {
      depth -= 1;
      if (depth === 0) return { kind: 'comment', text: value.slice(start + 1, at), end: at + 1 };
    }
  }
  return null;
}
