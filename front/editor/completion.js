// What can be written at a place: terms of the graph by name or by label, and things by their names.
import { pickedCompletion } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';

const MOST = 60;
const FEWEST_LETTERS = 3;
const WORD = /[?$]?[\p{L}\p{N}_:.-]*$/u;
const KEYWORDS = ('SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS GRAPH VALUES BIND LIMIT OFFSET CONSTRUCT DESCRIBE ASK '
  + 'PREFIX EXISTS HAVING COUNT SAMPLE REGEX CONTAINS STRSTARTS LANG').split(' ')
  .concat('ORDER BY', 'GROUP BY', 'NOT EXISTS');

/** The word before the cursor; none inside a comment or a string. */
function wordAt(context) {
  const kind = syntaxTree(context.state).resolveInner(context.pos, -1).name;
  return /comment|string/.test(kind) ? null : context.matchBefore(WORD);
}

/** Writes the chosen text, and the declaration of its prefix where the query lacks it: a query should run elsewhere too. */
function write(prefixes) {
  return (view, completion, from, to) => {
    const text = completion.text ?? completion.label;
    const changes = [{ from, to, insert: text }];
    const prefix = /^([\w-]*):/.exec(text)?.[1];
    const declared = (name) => new RegExp(`\\bPREFIX\\s+${name}:`, 'i').test(view.state.doc.toString());
    if (prefix !== undefined && prefix in prefixes && !declared(prefix)) {
      changes.unshift({ from: 0, to: 0, insert: `PREFIX ${prefix}: <${prefixes[prefix]}>\n` });
    }
    const anchor = from + changes.reduce((sum, change) => sum + change.insert.length, 0);
    view.dispatch({
      changes, selection: { anchor }, userEvent: 'input.complete', annotations: pickedCompletion.of(completion),
    });
  };
}

function variables(state) {
  return [...new Set(state.doc.toString().match(/[?$][\p{L}\p{N}_]+/gu))].map((label) => ({ label, type: 'variable' }));
}

/** Classes, properties, prefixes, keywords and variables. */
export function terms({ terms: known, prefixes }) {
  const apply = write(prefixes);
  const all = [
    ...known.map(([label, detail]) => ({ label, detail, apply })),
    ...Object.keys(prefixes).map((prefix) => ({ label: `${prefix}:` })),
    ...KEYWORDS.map((label) => ({ label, type: 'keyword' })),
  ].map((option) => ({ option, text: `${option.label} ${option.detail ?? ''}`.toLowerCase() }));

  return (context) => {
    const word = wordAt(context);
    if (!word || (!word.text && !context.explicit)) return null;
    if (/^[?$]/.test(word.text)) {
      return { from: word.from, options: variables(context.state).filter((o) => o.label !== word.text) };
    }
    const wanted = word.text.toLowerCase();
    const rank = ({ option, text }) => {
      const local = option.label.toLowerCase().replace(/^[\w-]*:(?=.)/, '');
      return text.startsWith(wanted) || local.startsWith(wanted) ? 0 : text.includes(wanted) ? 1 : 2;
    };
    const found = all.map((entry) => [rank(entry), entry.option]).filter(([place]) => place < 2);
    const options = found.sort((a, b) => a[0] - b[0]).slice(0, MOST).map(([, option]) => option);
    return options.length ? { from: word.from, options, filter: false } : null;
  };
}

function shorten(iri, prefixes) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.startsWith(namespace) ? iri.slice(namespace.length) : '';
    if (/^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u.test(local)) return `${prefix}:${local}`;
  }
  return `<${iri}>`;
}

/** Things whose name has the word in it, asked of the service itself. */
export function entities({ entities: query, service, prefixes, terms: known }) {
  const apply = write(prefixes);
  const offered = new Set(known.map(([label]) => label)); // by terms()
  return async (context) => {
    const word = wordAt(context);
    if (!word || word.text.length < FEWEST_LETTERS || /[?$:]/.test(word.text)) return null;
    const controller = new AbortController();
    context.addEventListener('abort', () => controller.abort(), { onDocChange: true });
    const parameters = new URLSearchParams({ query: query.replace('…', word.text.toLowerCase()), format: 'json' });
    try {
      const response = await fetch(`${service}?${parameters}`, { signal: controller.signal });
      if (!response.ok) return null;
      const names = new Map(); // one thing may have a name in each language
      for (const { thing, name } of (await response.json()).results.bindings) {
        if (!names.has(thing.value)) names.set(thing.value, name.value);
      }
      const options = [...names].map(([iri, label]) => (
        { label, text: shorten(iri, prefixes), detail: iri.split('/').slice(-2).join('/'), apply }))
        .filter(({ text }) => !offered.has(text));
      return options.length ? { from: word.from, options, filter: false } : null;
    } catch {
      return null; // given up, or out of reach: completion only helps
    }
  };
}
