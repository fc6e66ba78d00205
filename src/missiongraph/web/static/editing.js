// Only pages of drafts have this (serve --watch): they reload when another build is served, and show what hinders one.
const editing = document.currentScript.dataset;
const banner = document.createElement('section');
banner.className = 'faults';
banner.setAttribute('role', 'alert');

// Whoever types here would lose it; the page reloads when the field is left.
const types = () => document.activeElement?.matches('input, textarea, select, [contenteditable=true]');

function show(faults) {
  if (!faults) {
    banner.remove();
  } else if (banner.lastChild?.textContent !== faults || !banner.isConnected) {
    const heading = document.createElement('h2');
    heading.textContent = editing.heading;
    const text = document.createElement('pre');
    text.textContent = faults;
    banner.replaceChildren(heading, text);
    document.body.prepend(banner);
  }
}

async function look() {
  const answer = document.hidden ? null : await fetch('/static/editing.json', { cache: 'no-store' }).catch(() => null);
  if (answer?.status === 404) return; // nobody edits
  const found = answer?.ok ? await answer.json().catch(() => null) : null;
  if (found) {
    show(found.faults);
    if (found.build !== editing.build && !types()) {
      location.reload();
      return;
    }
  }
  setTimeout(look, 250);
}

look();
