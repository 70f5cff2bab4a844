/*
 * Keeps the board in its place while somebody walks through mailboxes, shows what happens as it happens, and fills in
 * proposed answers. Without this file everything works by links and forms.
 */
(() => {
  const PAUSE_MS = 250;
  const letters = document.getElementById('letters');
  const board = document.querySelector('iframe[name=board]');
  const sizes = new ResizeObserver(() => measure());

  const isOurs = (url) => new URL(url, location.href).pathname.startsWith('/playground');

  /** What somebody has begun to write stays, whatever happens. */
  const isWriting = () =>
    [...letters.querySelectorAll('textarea, input:not([type=hidden])')].some(
      (field) => field.value !== field.defaultValue,
    );

  async function visit(url, options = {}) {
    const answer = await fetch(url, options);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (page.getElementById('letters') === null) throw new Error('another page');
    return { page, url: answer.url };
  }

  function take(id, page) {
    const [old, next] = [document.getElementById(id), page.getElementById(id)];
    if (next === null || old.innerHTML === next.innerHTML) return;
    const { scrollTop } = old;
    old.replaceChildren(...next.childNodes);
    old.scrollTop = scrollTop;
  }

  const takeAround = (page) => {
    for (const id of ['rail', 'next', 'people']) take(id, page);
  };

  function show({ page, url }, isNew) {
    takeAround(page);
    letters.replaceChildren(...page.getElementById('letters').childNodes);
    letters.toggleAttribute('data-live', page.getElementById('letters').hasAttribute('data-live'));
    document.title = page.title;
    if (isNew) history.pushState(null, '', url);
    letters.closest('.pane').scrollTop = 0;
    document.getElementById('tab-mail').checked = true;
    watchShown();
  }

  /** The board shows the request that a mail was about. */
  function turnTo(page) {
    const path = page.querySelector('iframe[name=board]').getAttribute('src');
    if (path !== '/' && path !== board.contentWindow.location.pathname)
      board.contentWindow.location.assign(path);
  }

  async function go(url, isNew = true) {
    try {
      show(await visit(url), isNew);
      const field =
        new URL(url, location.href).searchParams.has('answer') && letters.querySelector('textarea');
      (field || letters).focus({ preventScroll: true });
    } catch {
      location.assign(url);
    }
  }

  async function send(form, button) {
    const fields = new URLSearchParams(new FormData(form, button));
    for (const one of form.querySelectorAll('button')) one.disabled = true;
    try {
      const came = await visit(form.action, { method: 'POST', body: fields });
      if (letters.contains(form)) {
        show(came, true);
        turnTo(came.page);
      } else {
        takeAround(came.page);
      }
      if ('looks' in form.dataset) board.contentWindow.location.reload();
    } catch {
      // What was typed stays where it is, to be sent again.
    } finally {
      for (const one of form.querySelectorAll('button')) one.disabled = false;
      read();
    }
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    if (link.target === 'board') {
      document.getElementById('tab-board').checked = true;
      return;
    }
    if (!isOurs(link.href)) return;
    event.preventDefault();
    if (link.dataset.fills === undefined) {
      go(link.href);
      return;
    }
    const field = letters.querySelector('textarea');
    field.value = link.dataset.fills;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });

  document.addEventListener('submit', (event) => {
    if (!isOurs(event.target.action)) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document
    .querySelector('form[data-looks] select')
    .addEventListener('change', ({ target }) => target.form.requestSubmit());
  addEventListener('popstate', () => go(location.href, false));

  let reading = false;
  let again = false;

  /** At most one reading at a time, and not many in a second: while time is skipped, much happens at once. */
  async function read() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      const { page } = await visit(location.href);
      takeAround(page);
      if (letters.hasAttribute('data-live') && !isWriting()) take('letters', page);
    } catch {
      // The next change tries again.
    }
    setTimeout(() => {
      reading = false;
      if (again) {
        again = false;
        read();
      }
    }, PAUSE_MS);
  }

  // The clock goes on by itself, too.
  setInterval(read, 30_000);
  const news = new EventSource('/playground/events');
  news.addEventListener('changed', read);
  addEventListener('pagehide', () => news.close());

  /** A mail is as high as it is: nobody scrolls inside of a page that scrolls. */
  function measure() {
    for (const frame of letters.querySelectorAll('iframe[data-fits]')) {
      const root = frame.contentDocument?.documentElement;
      if (root) frame.style.height = `${root.querySelector('body > *')?.scrollHeight ?? root.scrollHeight}px`;
    }
  }

  function watchShown() {
    for (const frame of letters.querySelectorAll('iframe[data-fits]')) {
      frame.addEventListener('load', measure);
      sizes.observe(frame.parentElement);
    }
    measure();
  }
  watchShown();
})();
