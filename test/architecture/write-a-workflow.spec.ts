import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkFile } from '#workflow';
import { modelCharterFor } from '../../apps/cli/workflow.charter.js';
import { ofDocument } from '../../apps/server/charter-in-force.js';
import { runScenarios } from '../../apps/cli/scenario/scenario.run.js';
import { contextsKnown } from '../../apps/server/contexts.js';
import { temporaryFolder } from '../support/folders.js';

/** The files that the guide has its reader save, by the names that it gives them. */
async function written() {
  const guide = await readFile('docs/write-a-workflow.md', 'utf8');
  const [definition = '', scenarios = ''] = [...guide.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text]) => text);
  const folder = await temporaryFolder();
  const paths = { definition: join(folder, 'award.yaml'), scenarios: join(folder, 'award.test.yaml') };
  await writeFile(paths.definition, definition);
  await writeFile(paths.scenarios, scenarios);
  return paths;
}

test('the definition of the guide is sound, alone and under a charter that names it', async () => {
  const { definition: path } = await written();
  const { definition, findings } = await checkFile(path, undefined, contextsKnown);
  if (definition === undefined) throw new Error(JSON.stringify(findings));
  const under = await checkFile(path, ofDocument(modelCharterFor(definition)), contextsKnown);
  expect({ alone: findings, under: under.findings }).toEqual({ alone: [], under: [] });
});

test('every scenario of the guide comes out as it says', async () => {
  const ran = await runScenarios((await written()).scenarios);
  expect(ran.flatMap(({ name, failed }) => (failed === undefined ? [] : [{ name, ...failed }]))).toEqual([]);
  expect(ran.length).toBeGreaterThan(5);
});
