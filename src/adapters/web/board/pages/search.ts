/** What a reader looks for: words of a subject, a customer, or the number of a request. */
import type { RequestList } from '../../../../app/ports/requests.ts';
import { html } from '../../html.ts';
import type { Page } from './frame.ts';
import type { Look } from './look.ts';
import { empty, nextPage } from './parts.ts';
import { requestList } from './request-list.ts';

export function searchPage(look: Look, words: string, list: RequestList | null): Page {
  const found =
    list === null
      ? empty(
          'What do you look for?',
          'A word of the subject, a name, an address, or a number such as #1042.',
        )
      : list.requests.length === 0
        ? empty(
            'Nothing was found.',
            'Try fewer letters, or the address it came from. Only what you may see is searched.',
          )
        : requestList(look, list.requests);
  const body = html`<h1>Search</h1>
<form class="filters" method="get" action="/search"><div><label for="q">Subject, name, address or number</label><input id="q" type="search" name="q" value="${words}" maxlength="200"></div><button class="primary">Search</button></form>
${found}${list === null ? '' : nextPage('/search', { q: words }, list.next)}`;
  return { title: words === '' ? 'Search' : `Search: ${words}`, path: '/search', body, words };
}
