/**
 * RFC 3676 format=flowed: lines that end in a space go on in the next one of the same quote depth; the first space of
 * a stuffed line goes; the signature separator `-- ` ends a paragraph and starts none. One pass.
 */
export function unflow(text: string, flowed: 'yes' | 'delsp'): string {
  const out: string[] = [];
  let open: { depth: number; parts: string[] } | null = null;
  const close = () => {
    if (open !== null) out.push(quoted(open.depth, open.parts.join('')));
    open = null;
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    let depth = 0;
    while (line.charCodeAt(depth) === 0x3e) depth += 1;
    const stuffed = line.charCodeAt(depth) === 0x20;
    const content = line.slice(depth + (stuffed ? 1 : 0));
    if (open !== null && (open as { depth: number }).depth !== depth) close();
    if (content === '-- ') {
      close();
      out.push(quoted(depth, content));
      continue;
    }
    const soft = content.endsWith(' ');
    open ??= { depth, parts: [] };
    open.parts.push(soft && flowed === 'delsp' ? content.slice(0, -1) : content);
    if (!soft) close();
  }
  close();
  return out.join('\n');
}

const quoted = (depth: number, content: string): string =>
  depth === 0 ? content : `${'>'.repeat(depth)} ${content}`;
