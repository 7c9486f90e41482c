// A wall that has stopped holding looks the same as a wall that nobody runs into. So break each rule on purpose and ask for the report.
import { rmSync, writeFileSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import configuration from '../../.dependency-cruiser.mjs';

const probes = [
  { rule: 'no-circular', file: 'libs/membership/zz-probe.ts', source: "export { y } from './zz-probe.js';\n" },
  { rule: 'resolvable', file: 'libs/membership/zz-probe2.ts', source: "import { x } from '#nowhere';\nexport const y = x;\n" },
  {
    rule: 'kernel-stands-alone',
    file: 'libs/kernel/zz-probe.ts',
    source: "import { y as x } from '../membership/zz-probe.js';\nexport const y = x;\n",
  },
  {
    rule: 'engines-know-the-kernel-only',
    file: 'libs/workflow/zz-probe.ts',
    source: "import { y as x } from '../membership/zz-probe.js';\nexport const y = x;\n",
  },
  {
    rule: 'contexts-are-strangers',
    file: 'libs/membership/zz-probe3.ts',
    source: "import { y as x } from '../charter/zz-probe.js';\nexport const y = x;\n",
  },
  {
    rule: 'contexts-are-strangers',
    file: 'libs/charter/zz-probe.ts',
    source: "import { y as x } from '../workflow/zz-probe.js';\nexport const y = x;\n",
  },
  {
    rule: 'rules-are-pure',
    file: 'libs/membership/zz-probe.decider.ts',
    source: "import { randomUUID } from 'node:crypto';\nexport const y = randomUUID;\n",
  },
  {
    rule: 'rules-are-pure',
    file: 'libs/workflow/stages/zz-probe.ts',
    source: "import { DateTime } from 'luxon';\nexport const y = DateTime;\n",
  },
  {
    rule: 'one-language-one-place',
    file: 'libs/workflow/zz-probe2.ts',
    source: "import { evaluate } from '@marcbachmann/cel-js';\nexport const y = evaluate;\n",
  },
  {
    rule: 'front-door-only',
    file: 'apps/server/zz-probe.ts',
    source: "import { y as x } from '../../libs/membership/zz-probe.js';\nexport const y = x;\n",
  },
  {
    rule: 'no-test-in-production',
    file: 'libs/membership/zz-probe4.ts',
    source: "import { given } from '../../test/support/given.js';\nexport const y = given;\n",
  },
  {
    rule: 'nest-is-a-door',
    file: 'libs/membership/zz-probe6.ts',
    source: "import { Module } from '@nestjs/common';\nexport const y = Module;\n",
  },
  {
    rule: 'one-driver-one-place',
    file: 'libs/membership/zz-probe5.ts',
    source: "import { Queue } from 'bullmq';\nexport const y = Queue;\n",
  },
  { rule: 'one-driver-one-place', file: 'apps/server/zz-probe2.ts', source: "import pg from 'pg';\nexport const y = pg;\n" },
];

for (const { file, source } of probes) writeFileSync(file, source);
let violations = [];
try {
  const { output } = await cruise(
    ['apps', 'libs'],
    { ...configuration.options, ruleSet: configuration, validate: true },
    undefined,
    {
      tsConfig: extractTSConfig('tsconfig.json'),
    },
  );
  violations = output.summary.violations;
} finally {
  for (const { file } of probes) rmSync(file, { force: true });
}

const planted = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
const silent = probes.filter(({ rule, file }) => !planted.includes(`${rule}: ${file}`));
for (const { rule, file } of probes) console.log(silent.some((probe) => probe.file === file) ? 'SILENT' : 'fires ', rule, file);
const own = violations.filter(({ from }) => !from.includes('zz-probe'));
for (const { rule, from, to } of own) console.log('BROKEN', rule.name, from, '→', to);
process.exit(silent.length + own.length === 0 ? 0 : 1);
