/** A browser for tests of pages: Chromium as the system has it, since none is downloaded. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { program } from './stack/packages.ts';

export const launch = (): Promise<Browser> =>
  // Within a container its own sandbox cannot be made; it opens nothing but our own pages.
  chromium.launch({ executablePath: program('chromium') ?? '', args: ['--no-sandbox'] });

export type Look = {
  readonly width: 'phone' | 'desktop';
  readonly scheme: 'light' | 'dark';
  readonly script: boolean;
};

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1_200, height: 850 } } as const;

/** A visit, with all that must not happen during it. */
export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of, was asked by the page, or fetched from elsewhere. */
  readonly wrong: string[];
};

/** `cookie` as a browser sends it. */
export async function visit(browser: Browser, url: string, cookie: string, look: Look): Promise<Visit> {
  const context = await browser.newContext({
    viewport: SIZES[look.width],
    colorScheme: look.scheme,
    javaScriptEnabled: look.script,
    reducedMotion: 'reduce',
  });
  const cookies = cookie.split('; ').filter(Boolean);
  await context.addCookies(
    cookies.map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url };
    }),
  );
  const wrong: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('console', (said) => said.type() === 'error' && wrong.push(`console: ${said.text()}`));
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== url) wrong.push(`fetched: ${request.url()}`);
  });
  return { page, context, wrong };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Findings that keep somebody out, with where they are; those of which nobody can say by machine are left out. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
}

type Violation = {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
};

/** Nobody has to push a page sideways. */
export async function expectNoSideways(page: Page): Promise<void> {
  const wide = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(wide, `${page.url()} at ${page.viewportSize()?.width} pixels`).toBe(0);
}
