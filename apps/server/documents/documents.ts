import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadDefinition } from '#workflow';
import { workflowFile } from '../demonstration.js';
import { openApiDocument } from '../server.js';
import { settingsDocument } from '../settings.table.js';
import { permissionsDocument } from './permissions.js';
import { searchDocument } from './search.js';
import { workflowsDocument } from './workflows.js';

/** The documents that follow from the program, by the names of their files in docs/generated. */
export async function documents(): Promise<Readonly<Record<string, string>>> {
  const folder = dirname(workflowFile('course-accreditation'));
  const files = (await readdir(folder)).filter((name) => /^[a-z0-9-]+\.yaml$/.test(name)).sort();
  const definitions = await Promise.all(files.map(async (name) => (await loadDefinition(join(folder, name))).definition));
  return {
    'settings.md': settingsDocument(),
    'openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
    'permissions.md': permissionsDocument(definitions),
    'search.md': searchDocument(),
    'workflows.md': workflowsDocument(definitions),
  };
}
