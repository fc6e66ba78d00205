// The query page that needs no service: the work is done in local-worker.js, so that it can be stopped.
const MOST_ROWS = 1000;
const place = document.getElementById('page-local');
const form = document.querySelector('.work form');
const text = document.getElementById('page-query');
const status = place.querySelector('[role=status]');
const stop = place.querySelector('button');
const fault = place.querySelector('.fault');
const result = place.querySelector('.result');
const words = place.dataset;
const sources = [...place.querySelectorAll('[data-type]')].map((link) => ({ url: link.href, format: link.dataset.type }));
const prefixes = document.querySelector('.prefixes pre')?.textContent.replaceAll('\n', ' ') ?? '';

let worker;

function start() {
  worker = new Worker(new URL('local-worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => show(data);
  worker.onerror = () => say(words.failed);
  worker.postMessage({ sources, most: MOST_ROWS });
}

function say(message) { status.textContent = message; }

function clear() {
  fault.hidden = result.hidden = true;
  result.replaceChildren();
}

function run() {
  if (!text.value.trim()) return;
  clear();
  if (!worker) start();
  say(words.loading);
  stop.hidden = false;
  worker.postMessage({ query: text.value, prefixes });
}

function show(answer) {
  if (answer.state === 'running') { say(words.running); return; }
  stop.hidden = true;
  if (answer.error) {
    say(answer.state === 'failed' ? words.failed : '');
    fault.querySelector('h2').textContent = answer.state === 'failed' ? words.failed : words.fault;
    fault.querySelector('pre').textContent = answer.error;
    fault.hidden = false;
    return;
  }
  result.hidden = false;
  if (answer.truth !== undefined) {
    say('');
    result.append(element('p', answer.truth ? words.yes : words.no, 'answer'));
  } else if (answer.graph !== undefined) {
    say('');
    result.append(element('pre', answer.graph, 'cmd'));
  } else {
    const shown = answer.rows.length < answer.total ? ` ${words.shown} ${answer.rows.length}` : '';
    say(answer.total ? `${words.rows} ${answer.total}${shown}` : words.none);
    if (answer.total) result.append(table(answer));
  }
}

function table({ columns, rows }) {
  const made = element('table', '', 'data');
  const head = made.createTHead().insertRow();
  for (const name of columns) {
    const cell = head.appendChild(element('th', ''));
    cell.scope = 'col';
    cell.append(element('bdi', name));
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const term of row) if (term) fill(line.insertCell(), term); else line.insertCell();
  }
  const scroll = element('div', '', 'scroll');
  scroll.tabIndex = 0;
  scroll.append(made);
  return scroll;
}

// A term is shown as it is; an IRI of the Web can be followed.
function fill(cell, term) {
  const shown = term.iri && /^https?:/.test(term.value) ? element('a', '') : element('span', '');
  if (shown.tagName === 'A') { shown.href = term.value; shown.rel = 'external'; }
  if (term.lang) shown.lang = term.lang;
  shown.append(element('bdi', term.value));
  cell.append(shown);
  if (term.lang) cell.append(' ', element('span', term.lang, 'tag'));
}

function element(name, content, style) {
  const made = document.createElement(name);
  if (content) made.textContent = content;
  if (style) made.className = style;
  return made;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const address = new URL(location.href);
  address.searchParams.set('query', text.value);
  history.replaceState(null, '', address);
  run();
});

stop.addEventListener('click', () => {
  worker.terminate();
  worker = undefined;
  stop.hidden = true;
  say(words.stopped);
});

const asked = new URLSearchParams(location.search).get('query');
if (asked) {
  text.value = asked;
  run();
}
