/**
 * The words of a command as its writer wrote them.
 *
 * Commands are recognised on tidied lines, which have lost what nobody sees. In words that go to a customer it is seen:
 * a joiner makes one family of three emoji and holds the halves of a Persian verb together, a tab makes a column.
 */

/** Tidying makes no colon and takes none away, so as many of them stand behind the words' beginning as within `tidied`. */
export function asWritten(line: string, tidied: string): string {
  if (tidied === '') return '';
  const colons = [...line.matchAll(COLON)];
  const opening = colons.at(-1 - (tidied.match(COLON)?.length ?? 0));
  if (opening === undefined) throw new Error('words follow a colon, and this line has too few');
  return line.slice(opening.index + 1);
}

const COLON = /[:：]/g;
