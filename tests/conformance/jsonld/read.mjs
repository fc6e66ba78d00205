// For each document of standard input, one a line: what jsonld.js reads in it as N-Quads, and what a program finds
// along the paths that stand beside it, as a line of JSON. Nothing is fetched, and nothing may be dropped.
import { createInterface } from 'node:readline';
import jsonld from 'jsonld';

const documentLoader = (url) => { throw new Error(`${url} would be fetched`); };

for await (const line of createInterface({ input: process.stdin })) {
  const { document, paths } = JSON.parse(line);
  const quads = await jsonld.toRDF(document, { format: 'application/n-quads', safe: true, documentLoader });
  const found = paths.map((path) => path.reduce((value, name) => value?.[name], document) ?? null);
  console.log(JSON.stringify({ quads, found }));
}
