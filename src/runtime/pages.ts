/** What the configuration of the moment says about pages, made into what sends them. */
import { pageWebhook } from '../adapters/web/page-webhook.ts';
import type { PageDeps } from '../app/send-pages.ts';
import { HOUR } from '../domain/instant.ts';
import type { Services } from './services.ts';

export function pageDeps({ deps, pages, settings }: Services): PageDeps {
  const { pages: given } = settings.config;
  return {
    ...deps,
    pages,
    channel: given === undefined ? null : pageWebhook(given),
    words: given?.words ?? false,
    giveUpAfter: given?.giveUpAfter ?? HOUR,
  };
}
