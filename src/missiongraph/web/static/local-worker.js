// Loads the publication into Oxigraph (WebAssembly) and answers queries; one message, one answer.
import init, { Store } from './vendor/oxigraph/web.js';

let loaded;
let most;

async function load(sources) {
  await init();
  const store = new Store();
  await Promise.all(sources.map(async ({ url, format }) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    store.load(await unpacked(await answer.blob()), { format, no_transaction: true, lenient: true });
  }));
  return store;
}

// Some servers undo the compression on the way, some do not: the first two bytes tell.
async function unpacked(blob) {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return blob.text();
  return new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

function plain(term) {
  if (!term) return null;
  return { value: term.termType === 'BlankNode' ? `_:${term.value}` : term.value, iri: term.termType === 'NamedNode', lang: term.language };
}

function answer(store, query) {
  const found = store.query(query);
  if (typeof found === 'boolean') return { truth: found };
  const rows = [...found];
  if (!rows.length || rows[0] instanceof Map) {
    const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
    return { columns, total: rows.length, rows: rows.slice(0, most).map((row) => columns.map((name) => plain(row.get(name)))) };
  }
  return { graph: rows.slice(0, most).map((quad) => `${quad} .`).join('\n') };
}

onmessage = async ({ data }) => {
  if (data.sources) {
    most = data.most;
    loaded = load(data.sources);
    loaded.catch(() => {});
    return;
  }
  let store;
  try {
    store = await loaded;
  } catch (error) {
    postMessage({ state: 'failed', error: String(error) });
    return;
  }
  postMessage({ state: 'running' });
  try {
    postMessage(answer(store, `${data.prefixes} ${data.query}`));
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};
