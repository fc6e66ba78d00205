// Reading needs none of this. Loaded in the head, so that a chosen theme is set before the first paint.
const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');

function remembered() {
  try { return localStorage.getItem('theme'); } catch { return null; } // storage may be forbidden
}

function remember(theme) {
  try { localStorage.setItem('theme', theme); } catch { /* then only this page knows */ }
}

const stored = remembered();
if (stored === 'light' || stored === 'dark') root.dataset.theme = stored;

function switchTheme() {
  const now = root.dataset.theme || (dark.matches ? 'dark' : 'light');
  root.dataset.theme = now === 'dark' ? 'light' : 'dark';
  remember(root.dataset.theme);
}

// Copies what stands beside the button: its <code>, or where all of it is meant, the whole citation.
async function copy(button) {
  const place = button.parentElement;
  const source = place.classList.contains('copied') ? place : place.querySelector('code');
  const text = [...source.childNodes].filter((node) => node !== button).map((node) => node.textContent).join('');
  await navigator.clipboard.writeText(text.replace(/\s+/g, ' ').trim());
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 2000);
}

// The link leads to a page with every note open; here the notes open in place.
function openAll(event) {
  event.preventDefault();
  const notes = [...document.querySelectorAll('details.ev')];
  const open = notes.some((note) => !note.open);
  for (const note of notes) note.open = open;
}

// A page is the same on every day, so whether a check is past its day is found out here.
function markPastDue() {
  const today = new Date().toISOString().slice(0, 10);
  for (const mark of document.querySelectorAll('[data-due]')) mark.hidden = today <= mark.dataset.due;
}

// Escape closes the note the reader is in and gives the focus back to its mark.
function closeNote(event) {
  const note = event.key === 'Escape' && document.activeElement?.closest('details.ev[open]');
  if (!note) return;
  note.open = false;
  note.querySelector('summary').focus();
}

// On a phone rows and cells are blocks, for which Safari forgets that they are a table: here they are told again.
// Not in the page itself: what elements are by themselves is not to be repeated there (ARIA in HTML).
const TABLE_ROLES = {
  table: 'table', thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', td: 'cell', 'th[scope=col]': 'columnheader', 'th[scope=row]': 'rowheader',
};

function tellTables() {
  for (const table of document.querySelectorAll('table:is(.stack, .ledger):not([role])')) {
    for (const [selector, role] of Object.entries(TABLE_ROLES)) {
      for (const part of selector === 'table' ? [table] : table.querySelectorAll(selector)) part.setAttribute('role', role);
    }
  }
}

document.addEventListener('DOMContentLoaded', () => {
  const theme = document.querySelector('.theme');
  theme.hidden = false;
  theme.addEventListener('click', switchTheme);
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll('.copy')) {
      button.hidden = false;
      button.addEventListener('click', () => copy(button));
    }
  }
  markPastDue();
  tellTables();
  document.querySelector('.open-all')?.addEventListener('click', openAll);
  document.addEventListener('keydown', closeNote);
});

// Suggestions for what is being typed in the search field; the form works without them.
let typed;
async function suggest(field) {
  const words = field.value.trim();
  typed = words;
  if (words.length < 2) return;
  const lang = document.documentElement.lang;
  const answer = await fetch(`/search.suggestions?lang=${lang}&q=${encodeURIComponent(words.slice(0, 300))}`).catch(() => null);
  if (!answer?.ok || typed !== words) return;
  const names = (await answer.json())[1];
  document.getElementById('page-names').replaceChildren(...names.map((name) => {
    const option = document.createElement('option');
    option.value = name;
    return option;
  }));
}

document.addEventListener('DOMContentLoaded', () => {
  let pause;
  document.getElementById('page-search')?.addEventListener('input', (event) => {
    clearTimeout(pause);
    pause = setTimeout(() => suggest(event.target), 150);
  });
});
