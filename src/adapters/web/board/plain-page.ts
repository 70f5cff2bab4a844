/** The pages of the door, which nobody needs to be known for: a few words, perhaps a form. They use the board's style. */
import { type Html, html } from '../html.ts';
import { STYLE_PATH } from './style.ts';

export function plainPage(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><link rel="stylesheet" href="${STYLE_PATH}"></head>
<body><main class="narrow"><h1>${title}</h1>
${body}</main></body></html>`.html;
}
