import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { built } from './build.mjs';

/** Writes docs/generated/settings.md; that it is up to date is a test beside the settings. */
await built();
const { settingsDocument } = await import('../dist/apps/server/settings.table.js');
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'generated', 'settings.md'), settingsDocument());
