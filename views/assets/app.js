// Everything here is comfort: each page works without it.

/** Tells the LMS how tall the page is, so that a frame needs no second scroll bar (Canvas takes the object, Moodle and Sakai the text). */
function reportHeight() {
  if (window.parent === window) return;
  let last = 0;
  const report = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height) + 8;
    if (Math.abs(height - last) < 4) return;
    last = height;
    const message = { subject: 'lti.frameResize', height };
    // Only a number leaves, so any parent may have it.
    window.parent.postMessage(message, '*');
    window.parent.postMessage(JSON.stringify(message), '*');
  };
  new ResizeObserver(report).observe(document.body);
  report();
}

/** Shows only what belongs to the way that was chosen. */
function followChoice(form) {
  const update = () => {
    const way = form.querySelector('input[name="way"]:checked')?.value;
    for (const part of form.querySelectorAll('[data-ways]'))
      part.hidden = !part.dataset.ways.split(' ').includes(way);
  };
  form.addEventListener('change', update);
  update();
}

/** Keeps what is typed on the server, soon after each change and until it has arrived. */
function saveDrafts(form) {
  const status = form.querySelector('#save-status');
  let waiting = 0;
  let dirty = false;
  let busy = false;
  let submitted = false;
  let failed = false;

  const later = (ms) => {
    clearTimeout(waiting);
    waiting = setTimeout(save, ms);
  };
  const words = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') data.append(name, value);
    return data;
  };
  const tell = (text, late) => {
    failed = late;
    status.textContent = text;
    status.classList.toggle('late', late);
  };

  async function save() {
    if (submitted || busy || !dirty) return;
    busy = true;
    dirty = false;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: 'POST',
        body: words(),
        credentials: 'same-origin',
      });
      if (answer.ok) {
        tell(await answer.text(), false);
        history.replaceState(null, '', form.dataset.address);
      } else if (answer.status < 500 && answer.status !== 429) {
        // The session is over or the badge was handed in elsewhere: the page that came says which, and what was kept.
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        tell(page.querySelector('h1')?.textContent ?? form.dataset.unsaved, true);
      } else retry();
    } catch {
      retry();
    } finally {
      busy = false;
    }
    if (dirty) later(1500);
  }
  function retry() {
    dirty = true;
    tell(form.dataset.unsaved, true);
    later(5000);
  }

  form.addEventListener('input', () => {
    dirty = true;
    later(1500);
  });
  form.addEventListener('submit', () => {
    submitted = true;
    clearTimeout(waiting);
  });
  window.addEventListener('pagehide', () => {
    if (dirty && !submitted) navigator.sendBeacon(form.dataset.draft, words());
  });
  window.addEventListener('beforeunload', (event) => {
    if (failed && !submitted) event.preventDefault();
  });
}

function countCharacters(field) {
  const out = document.getElementById(field.dataset.count);
  const update = () => {
    const count = [...field.value].length;
    out.textContent =
      count === 1
        ? out.dataset.one
        : out.dataset.many.replace('%s', count.toLocaleString(document.documentElement.lang));
  };
  field.addEventListener('input', update);
  update();
  out.hidden = false;
}

/** A second click must not send a form twice; the server would not mind, but the person would wonder. */
function sendOnce(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent === 'yes') event.preventDefault();
    form.dataset.sent = 'yes';
  });
  window.addEventListener('pageshow', () => {
    delete form.dataset.sent;
  });
}

/** Choosing in a list chooses the option that the list belongs to. */
function linkSelect(select) {
  select.addEventListener('change', () => {
    if (select.value !== '') document.getElementById(select.dataset.checks).checked = true;
  });
}

/** In a row of levels a digit chooses and moves on; Ctrl + Enter accepts. */
function reviewKeys(form) {
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('button[value="accepted"]'));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !/^\d$/.test(event.key)) return;
    const group = event.target.closest?.('fieldset.levels');
    const level = group?.querySelector(`input[value="${event.key}"]`);
    if (!level) return;
    event.preventDefault();
    level.checked = true;
    const groups = [...form.querySelectorAll('fieldset.levels')];
    const next = groups[groups.indexOf(group) + 1];
    (
      next?.querySelector('input:checked') ??
      next?.querySelector('input') ??
      form.querySelector('#comment')
    ).focus();
  });
}

/** A comment that was not saved, for example because the session ended, is there again when the badge is opened in this tab. */
function keepComment(form) {
  const field = form.querySelector('#comment');
  const key = `comment ${form.dataset.keep}`;
  const before = field.value;
  try {
    field.value ||= sessionStorage.getItem(key) ?? '';
    field.addEventListener('input', () => sessionStorage.setItem(key, field.value));
    const done = new URLSearchParams(location.search).get('done');
    if (done)
      sessionStorage.removeItem(`comment ${form.dataset.keep.replace(/[^/]+$/, encodeURIComponent(done))}`);
  } catch {
    field.value = before;
  }
}

/** The list of certifications follows the sector. */
function followSector(form) {
  const sector = form.querySelector('#sector');
  const list = form.querySelector('#certification');
  const groups = [...list.querySelectorAll('optgroup')];
  const update = () => {
    for (const group of groups) group.remove();
    for (const group of groups)
      if (sector.value === '' || group.dataset.sector === sector.value) list.append(group);
    if (list.selectedOptions.length === 0) list.value = '';
  };
  sector.addEventListener('change', update);
  update();
}

/** Waits for the end of a reading: a student's page brings the result, a teacher's only says so, because something may be typed in it. */
function awaitReading(line) {
  const { reading, result, tell, show } = line.dataset;
  const began = Date.now();
  const later = () => setTimeout(look, Date.now() - began < 30_000 ? 1_500 : 5_000);
  const arrived = (text) => {
    if (result) {
      line.textContent = text;
      location.replace(result);
      return;
    }
    const link = document.createElement('a');
    link.href = location.pathname;
    link.textContent = show;
    line.replaceChildren(`${tell} `, link);
  };
  async function look() {
    try {
      const answer = await fetch(reading, { credentials: 'same-origin' });
      if (!answer.ok && answer.status < 500) return;
      const { isRead, text } = answer.ok ? await answer.json() : {};
      if (isRead) return arrived(text);
      // Only what is new is read out.
      if (result && text && line.textContent !== text) line.textContent = text;
    } catch {
      // No network for a moment: the next look may have one.
    }
    later();
  }
  later();
}

/** A list that is still coming in: the server answers when there is more, and the parts that changed take its place. */
async function followMore() {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let failures = 0; failures < 5; ) {
    const address = document.querySelector('[data-more]')?.dataset.more;
    if (address === undefined) return;
    const answer = await fetch(address, { credentials: 'same-origin' }).catch(() => null);
    if (!answer?.ok) {
      failures += 1;
      await pause(2_000);
      continue;
    }
    failures = 0;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-live]')) {
      const newer = page.querySelector(`[data-live="${part.dataset.live}"]`);
      // Nothing moves under the hands of who is reading or typing in it.
      while (part.contains(document.activeElement)) await pause(500);
      if (newer && newer.innerHTML !== part.innerHTML) part.replaceChildren(...newer.childNodes);
    }
  }
}

/** Takes a text that is there to be copied; where a frame may not write to the clipboard the older way does. */
function offerCopy(button) {
  const source = document.getElementById(button.dataset.copy);
  const status = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener('click', async () => {
    source.select();
    const copied = await navigator.clipboard.writeText(source.value).then(
      () => true,
      () => document.execCommand('copy'),
    );
    if (copied) status.textContent = status.dataset.copied;
  });
}

const each = (selector, enhance) => document.querySelectorAll(selector).forEach(enhance);
reportHeight();
each('[data-draft]', followChoice);
each('[data-draft]', saveDrafts);
each('[data-count]', countCharacters);
each('form[method="post"]', sendOnce);
each('[data-checks]', linkSelect);
each('[data-decision]', reviewKeys);
each('[data-keep]', keepComment);
each('[data-set-up]', followSector);
each('[data-reading]', awaitReading);
each('[data-copy]', offerCopy);
followMore();
document.querySelector('[data-focus]')?.focus();
document.querySelector('[data-hand-over]')?.submit();
