import { describe, expect, it } from 'vitest';
import { wouldAct } from '../../src/domain/command/parse.ts';
import { mayOpenCommand, tie } from '../../src/domain/notices/words.ts';

/** All letters, digits, marks and symbols of the basic plane that are more than one thing: normalising changes them. */
function* doubtful(): Generator<string> {
  for (let code = 0x80; code < 0xffff; code += 1) {
    const letter = String.fromCharCode(code);
    if (letter.isWellFormed() && letter.normalize('NFKC') !== letter) yield letter;
  }
}

describe('the words of others in mails of ours', () => {
  it('hold together wherever the parser would read a command, whatever stands behind the verb', () => {
    const missed: string[] = [];
    let acting = 0;
    for (const letter of doubtful()) {
      for (const line of [
        `catégorie${letter}" the tenant`,
        `handoff to${letter} Sam`,
        `done${letter} all fine`,
      ]) {
        if (!wouldAct(line)) continue;
        acting += 1;
        if (!mayOpenCommand(line)) missed.push(line);
      }
    }
    expect(acting).toBeGreaterThan(100);
    expect(missed).toEqual([]);
  });

  it('hold together behind a number of ours, which one of theirs would go on', () => {
    expect(wouldAct('#1042 and 7 done')).toBe(true);
    expect(mayOpenCommand('and 7 done')).toBe(true);
    expect(mayOpenCommand('and done is done')).toBe(false);
  });

  it('are tied where they were quoted and a mail program took the mark away', () => {
    expect(tie('that catégorie⻳ too')).toBe('that\u00a0catégorie⻳ too');
  });
});
