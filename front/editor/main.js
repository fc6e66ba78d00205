// Puts an editor in the place of the query page's text box and lets queries run without leaving the page. The form
// underneath stays what it is: the editor writes into its text box, and a browser without scripts sends the same.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { sparql } from '@codemirror/legacy-modes/mode/sparql';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

import { entities, terms } from './completion.js';
import { Runner } from './running.js';
import { theme } from './theme.js';

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.standard(tags.variableName)], color: 'var(--link)', fontWeight: '600' },
  { tag: tags.atom, color: 'var(--ink)' }, // names of things, which CodeMirror counts among the keywords
  { tag: tags.string, color: 'var(--string)' },
  { tag: tags.comment, color: 'var(--soft)' },
]);

/** The place of a syntax error as a range that can be seen: the word there, or the last character before the end. */
function faultyRange(state, line, column) {
  const found = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const before = [...found.text].slice(0, column - 1).join('').length; // columns count characters, not UTF-16 units
  const from = Math.min(found.from + before, found.to);
  const word = /^\S+/.exec(state.doc.sliceString(from, found.to))?.[0].length ?? 0;
  return word ? { from, to: from + word } : { from: Math.max(from - 1, 0), to: from };
}

/** Typing over a selection, without the browser: Chromium keeps the look of replaced text with styles that the policy bars. */
function typeOver(event, view) {
  const { from, to, empty } = view.state.selection.main;
  if (empty || event.inputType !== 'insertText' || !event.data || event.isComposing) return false;
  event.preventDefault();
  const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: 'input.type' });
  const handled = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, insert));
  if (!handled) view.dispatch(insert());
  return true;
}

function start(textarea, data) {
  // In a shadow tree CodeMirror's styles are adopted sheets, which a policy without 'unsafe-inline' lets pass.
  const host = document.createElement('div');
  host.className = 'editor';
  const root = host.attachShadow({ mode: 'open' });
  const runner = new Runner(textarea.form, data.words);

  const underline = (fault) => {
    const diagnostics = fault
      ? [{ ...faultyRange(view.state, fault.line, fault.column), severity: 'error', message: fault.message }]
      : [];
    view.dispatch(setDiagnostics(view.state, diagnostics));
  };
  const view = new EditorView({
    root,
    parent: root,
    doc: textarea.value,
    extensions: [
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      bracketMatching(),
      closeBrackets(),
      StreamLanguage.define(sparql),
      syntaxHighlighting(colours),
      autocompletion({ override: [terms(data), entities(data)], icons: false }),
      EditorState.phrases.of(data.words),
      EditorView.contentAttributes.of({ 'aria-label': data.words.Query, spellcheck: 'false', tabindex: '0' }),
      EditorView.domEventHandlers({ beforeinput: typeOver }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        textarea.value = update.state.doc.toString();
        setTimeout(() => underline(null)); // what was wrong may be right by now
      }),
      keymap.of([
        { key: 'Mod-Enter', run: () => (textarea.form.requestSubmit(), true) },
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      theme,
    ],
  });
  textarea.before(host);
  textarea.hidden = true;
  document.querySelector(`label[for="${textarea.id}"]`)?.addEventListener('click', () => view.focus());
  for (const element of document.querySelectorAll('.ask [data-scripted]')) {
    element.hidden = element.classList.contains('share') && !navigator.clipboard; // as where a page has no TLS
  }
  runner.onFault = underline;
  runner.begin();
}

const textarea = document.getElementById('page-query');
const data = document.getElementById('page-editor');
if (textarea && data) start(textarea, JSON.parse(data.content.textContent));
