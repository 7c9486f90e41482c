import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventsDocument } from './events-document.mjs';

// Run by `npm run documents`, on the sources as they are. Writes docs/generated, or with --check says what differs and fails. Each document has one source, and it is not the document.
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'generated');
const { documents } = await import('../apps/server/documents/documents.ts');

const stale = [];
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries({ ...(await documents()), 'events.md': eventsDocument() })) {
  if (read(join(folder, name)) === text) continue;
  stale.push(name);
  if (!process.argv.includes('--check')) writeFileSync(join(folder, name), text);
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`docs/generated is out of date: ${stale.join(', ')}. Run npm run documents.`);
  process.exitCode = 1;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
