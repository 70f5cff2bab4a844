/*
 * Reads the page anew when something has changed, and lets the keyboard walk. Without this file everything works by
 * links and forms. What somebody is about to write, where they are and what they have unfolded stays as it is.
 */
(() => {
  const main = document.getElementById('main');
  if (main === null) return;

  const live = main.dataset.live;
  /** A list that changes all the time is read at most so often; the page of one request at once. */
  const pauseMs = live === 'any' ? 4_000 : 0;
  let readAt = 0;
  let waiting = false;

  /** A list in which nothing was chosen beforehand shows its first. */
  const untouched = (field) =>
    Math.max(
      0,
      [...field.options].findIndex((option) => option.defaultSelected),
    );

  /** Whoever has begun to fill something in is not disturbed: a later change, or their own sending, brings the news. */
  const isWriting = () =>
    [...main.querySelectorAll('textarea, input:not([type=hidden]), select')].some((field) =>
      field.tagName === 'SELECT'
        ? field.selectedIndex !== untouched(field)
        : field.value !== field.defaultValue,
    );

  const keyOf = (element) => element.id || element.dataset.key || '';

  /** What nobody sees is read when it is looked at again. */
  function news() {
    if (waiting) return;
    waiting = true;
    const left = readAt + pauseMs - Date.now();
    setTimeout(
      () => (document.hidden ? document.addEventListener('visibilitychange', read, { once: true }) : read()),
      Math.max(0, left),
    );
  }

  async function read() {
    waiting = false;
    readAt = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { 'X-Live': '1' }, redirect: 'error' });
      if (answer.ok && !isWriting()) swap(await answer.text());
    } catch {
      // The next change, or the reader, tries again.
    }
  }

  function swap(text) {
    const next = new DOMParser().parseFromString(text, 'text/html').getElementById('main');
    if (next === null || next.innerHTML === main.innerHTML) return;
    const open = new Set([...main.querySelectorAll('details[open]')].map(keyOf).filter(Boolean));
    const closed = new Set([...main.querySelectorAll('details:not([open])')].map(keyOf).filter(Boolean));
    const focused = main.contains(document.activeElement) ? placeOf(document.activeElement) : null;
    const [x, y] = [scrollX, scrollY];
    for (const details of next.querySelectorAll('details')) {
      if (open.has(keyOf(details))) details.open = true;
      if (closed.has(keyOf(details))) details.open = false;
    }
    main.replaceChildren(...next.childNodes);
    if (focused !== null) find(focused)?.focus({ preventScroll: true });
    scrollTo(x, y);
  }

  /** By id, else by where a link goes, else by what a button says. */
  const placeOf = (element) => ({
    id: element.id,
    href: element.getAttribute('href'),
    words: element.textContent,
    tag: element.tagName,
  });

  const find = ({ id, href, words, tag }) =>
    id
      ? document.getElementById(id)
      : [...main.querySelectorAll(tag)].find((one) =>
          href === null ? one.textContent === words : one.getAttribute('href') === href,
        );

  if (live === 'slow') {
    setInterval(() => {
      if (!document.hidden) news();
    }, 60_000);
  } else if (live !== undefined && 'EventSource' in window) {
    const stream = new EventSource(live === 'any' ? '/events' : `/events?request=${live}`);
    let wasLost = false;
    stream.addEventListener('changed', news);
    // Whoever was cut off cannot know what they missed.
    stream.addEventListener('error', () => {
      wasLost = true;
    });
    stream.addEventListener('open', () => {
      if (wasLost) news();
      wasLost = false;
    });
    addEventListener('pagehide', () => stream.close());
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest('input, textarea, select, [contenteditable]') !== null) return;
    if (event.key === '/') {
      event.preventDefault();
      document.getElementById('find')?.focus();
    }
    if (event.key === 'j' || event.key === 'k') step(event.key === 'j' ? 1 : -1);
  });

  function step(by) {
    const links = [...main.querySelectorAll('.request h3 a')];
    const at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  }

  // Twice pressed is once meant.
  document.addEventListener('submit', ({ target }) => {
    if (target.method !== 'post') return;
    setTimeout(() => {
      for (const button of target.querySelectorAll('button')) button.disabled = true;
    });
    addEventListener('pageshow', () => {
      for (const button of target.querySelectorAll('button')) button.disabled = false;
    });
  });
})();
