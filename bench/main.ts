import { parseArgs } from 'node:util';
import { assignedRound } from './assigned-round.js';
import { assignment } from './assignment.js';
import { commands } from './commands.js';
import type { Figure } from './figure.js';
import { http } from './http.js';
import { recovery } from './recovery.js';
import { registration } from './registration.js';
import { replay } from './replay.js';
import { cost, memory } from './scale.js';
import { type BenchServer, startServer } from './server.js';
import { views } from './views.js';
import { workflow } from './workflow.js';

type Bench = (server: BenchServer) => AsyncGenerator<Figure>;

/** What shares the machine with most comes first, before anything is left to be written back. */
const always: Readonly<Record<string, Bench>> = {
  http,
  commands,
  replay,
  views,
  memory,
  assignment,
  registration,
  workflow,
  recovery,
};
const onDemand: Readonly<Record<string, Bench>> = { cost, 'assigned-round': assignedRound };

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});

const print = ({ name, value, unit, floor, ratio }: Figure): void => {
  if (values.json) console.log(JSON.stringify({ name, value, unit, floor, ratio }));
  else
    console.log(
      `${name.padEnd(68)}${String(value).padStart(10)} ${unit.padEnd(9)}${String(floor).padStart(10)}${`${ratio.toFixed(2)} ×`.padStart(9)}`,
    );
};

const all = { ...always, ...onDemand };
const wanted = values.only ?? Object.keys(always);
const unknown = wanted.filter((name) => !Object.hasOwn(all, name));
if (unknown.length > 0) throw new Error(`no bench "${unknown.join()}"; there are ${Object.keys(all).join(', ')}`);

const server = await startServer();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop().then(() => process.exit(1)));
try {
  for (const name of wanted) for await (const figure of (all[name] as Bench)(server)) print(figure);
} finally {
  await server.stop();
}
