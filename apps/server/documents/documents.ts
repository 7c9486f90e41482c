import { settingsDocument } from '../settings.table.js';
import { openApiDocument } from '../server.js';

/** Every generated document, by the name of its file in docs/generated. */
export async function documents(): Promise<Readonly<Record<string, string>>> {
  return {
    'settings.md': settingsDocument(),
    'openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  };
}
