/** The text of a mail: which of its parts are shown, in which order, HTML made readable. */
import { cleanText } from './clean-text.ts';
import { textFromHtml } from './html-text.ts';
import type { MimeParts, TextNode } from './mime-parts.ts';

export const TEXT_MAX = 1024 * 1024;
/** Texts of one mail that are compared with an answer to it. */
const EVERY_TEXT_MAX = 20;

export type Body = { readonly text: string; readonly cids: ReadonlySet<string> };

export function readBody(parts: MimeParts, warnings: string[]): Body {
  const cids = new Set<string>();
  const texts: string[] = [];
  let length = 0;
  for (const node of chosenTexts(parts.tree)) {
    let text = node.text ?? '';
    if (node.contentType === 'text/html') {
      for (const found of text.matchAll(/\bcid:([^'"\s<>)]{1,256})/g)) cids.add(found[1] ?? '');
      const plain = textFromHtml(text);
      if (plain.warning !== null) warnings.push(plain.warning);
      text = plain.text;
    }
    text = cleanText(text).replace(/\r\n?/g, '\n');
    if (text.trim() === '') continue;
    texts.push(text);
    length += text.length;
    if (length > TEXT_MAX) break;
  }
  const joined = texts.join('\n');
  if (joined.includes('\ufffd')) warnings.push('charset: some characters could not be decoded');
  if (joined.length <= TEXT_MAX) return { text: joined, cids };
  warnings.push('text-cut: the text is longer than 1 MB and was cut');
  return { text: joined.slice(0, TEXT_MAX).toWellFormed(), cids };
}

/**
 * The text nodes to show, in order: of multipart/alternative (RFC 2046 section 5.1.4) the plain part when something
 * is written in it, else the HTML; of everything else all.
 */
function chosenTexts(tree: TextNode | null): TextNode[] {
  const chosen: TextNode[] = [];
  const work = tree === null ? [] : [tree];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (node.text !== null && (node.contentType === 'text/plain' || node.contentType === 'text/html'))
      chosen.push(node);
    const alternatives = node.contentType === 'multipart/alternative';
    const plain = alternatives ? node.children.find((child) => isWritten(child, 'text/plain')) : undefined;
    const html = alternatives ? node.children.find((child) => holds(child, 'text/html')) : undefined;
    const next = plain ?? html;
    work.push(...(next === undefined ? [...node.children].reverse() : [next]));
  }
  return chosen;
}

const isWritten = (node: TextNode, contentType: string): boolean =>
  node.contentType === contentType && (node.text ?? '').trim() !== '';

function holds(top: TextNode, contentType: string): boolean {
  const work = [top];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (isWritten(node, contentType)) return true;
    for (const child of node.children) work.push(child);
  }
  return false;
}

/** Each text on its own, alternatives included: an answer may quote the one or the other. */
export function everyText(tree: TextNode | null): string[] {
  const texts: string[] = [];
  const work = tree === null ? [] : [tree];
  for (let node = work.pop(); node !== undefined && texts.length < EVERY_TEXT_MAX; node = work.pop()) {
    if (isWritten(node, 'text/plain')) texts.push(cleanText(node.text ?? ''));
    else if (isWritten(node, 'text/html')) texts.push(cleanText(textFromHtml(node.text ?? '').text));
    work.push(...[...node.children].reverse());
  }
  return texts;
}
