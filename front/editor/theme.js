// The editor in the tokens of the page, which reach into its shadow tree as custom properties.
import { EditorView } from '@codemirror/view';

export const theme = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--ink)',
    background: 'var(--band)',
    border: '1px solid var(--line)',
    font: '400 .86rem/1.6 var(--mono)',
  },
  '&.cm-focused': { outline: '3px solid var(--link)', outlineOffset: '-1px' },
  '.cm-scroller': { font: 'inherit', overflow: 'auto' },
  '.cm-content': { padding: '.8rem 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 1rem 0 .4rem' },
  '.cm-gutters': { background: 'var(--band)', color: 'var(--soft)', border: '0', paddingLeft: '.4rem' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2rem' },
  '&.cm-focused .cm-matchingBracket': { background: 'none', outline: '1px solid var(--line)' },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'none' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--rubric)',
    textUnderlineOffset: '.25em',
  },
  '.cm-tooltip': { background: 'var(--paper)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '.cm-diagnostic': { font: '400 .8rem/1.45 var(--sans)', borderLeft: '4px solid var(--rubric)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: '400 .86rem/1.5 var(--mono)', maxWidth: 'min(40rem, 90vw)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '.2rem .6rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--link)', color: 'var(--paper)' },
  '.cm-completionDetail': { font: '400 .8rem var(--sans)', marginLeft: '.8rem' },
});
