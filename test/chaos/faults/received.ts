/** What the mail server has taken, read from the folder in which smtp-sink keeps it, each mail once. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type Received = {
  readonly file: string;
  readonly messageId: string;
  /** The kind of notice that it says it is. */
  readonly kind: string;
  readonly envelopeTo: string;
  /** Where an answer goes. */
  readonly replyTo: string;
  readonly subject: string;
  readonly references: readonly string[];
  /** When it was written down, in milliseconds since 1970. */
  readonly at: number;
};

/** Answers, each time it is called, what is new and whole. */
export function sinkReader(folder: string): () => Received[] {
  const known = new Set<string>();
  return () =>
    readdirSync(folder).flatMap((name) => {
      if (known.has(name)) return [];
      const path = join(folder, name);
      const text = textOf(path);
      // smtp-sink writes while it receives, and ends a whole mail with an empty line.
      if (!text.endsWith('\n\n')) return [];
      known.add(name);
      return [readMail(path, text)];
    });
}

/** smtp-sink removes what it has written of a mail whose connection breaks off. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function readMail(file: string, text: string): Received {
  const header = text.slice(0, text.indexOf('\n\n')).replace(/\n[ \t]+/g, ' ');
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(header)?.[1]?.trim() ?? '';
  const address = (value: string) => /<([^<>]+)>\s*$/.exec(value)?.[1] ?? value;
  const ids = (value: string) => [...value.matchAll(/<([^<>\s]+)>/g)].map(([, id]) => id ?? '');
  return {
    file,
    messageId: ids(field('Message-ID'))[0] ?? '',
    kind: field('X-Baton-Notice'),
    envelopeTo: address(field('X-Rcpt-Args')),
    replyTo: address(field('Reply-To') || field('From')),
    subject: field('Subject'),
    references: ids(field('References')),
    at: statSync(file).mtimeMs,
  };
}
