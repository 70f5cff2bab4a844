/**
 * Reads a transcript: the first line is a promise, every other line that is not indented is a step, and what is
 * indented below a step belongs to it. `| ` begins a line of a mail's text, `#` a remark.
 */
export type Step = {
  readonly line: number;
  readonly head: string;
  readonly details: readonly string[];
  /** null when the step has no text. */
  readonly text: string | null;
};

export type Transcript = { readonly title: string; readonly steps: readonly Step[] };

export function readTranscript(source: string): Transcript {
  const [title = '', ...lines] = source.split('\n');
  if (title.trim() === '') throw new Error('the first line of a transcript is its promise');
  const steps: { line: number; head: string; details: string[]; texts: string[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    if (line.startsWith(' ')) {
      const step = steps.at(-1);
      if (step === undefined) throw new Error(`line ${index + 2} belongs to no step`);
      if (content.startsWith('|')) step.texts.push(content.slice(1).replace(/^ /, ''));
      else step.details.push(content);
    } else {
      steps.push({ line: index + 2, head: content, details: [], texts: [] });
    }
  }
  return {
    title: title.trim(),
    steps: steps.map(({ texts, ...step }) => ({
      ...step,
      text: texts.length === 0 ? null : texts.join('\n'),
    })),
  };
}
