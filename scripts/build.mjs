import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ran } from './child.mjs';
import { installed, root } from './installed.mjs';

const stampFile = join(root, 'dist', '.stamps.json');

/** As jest.config.mjs; `nest build` (tsc) gives the same, ten times slower. */
const swcOptions = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: true,
  swcrc: false,
};

/** Apps and libs file by file, and the console as a whole. */
export const parts = ['sources', 'console'];

/**
 * Builds into dist what changed since the last build.
 *
 * @param {string[]} wanted - of `parts`
 * @returns {Promise<string[]>} what was built, for people
 */
export async function built(wanted = parts) {
  const base = digest(readFileSync(fileURLToPath(import.meta.url)), readFileSync(join(root, 'package-lock.json')));
  const found = stamps();
  const before = found.base === base ? found : { base, files: {} };
  return [
    ...(wanted.includes('sources') ? await builtSources(before) : []),
    ...(wanted.includes('console') ? await builtConsole(before) : []),
  ];
}

async function builtSources(before) {
  const files = Object.fromEntries(
    ['apps', 'libs'].flatMap((folder) => sourcesIn(folder)).map((source) => [source, stamp(source)]),
  );
  const stale = Object.keys(files).filter((source) => before.files[source] !== files[source] || !existsSync(output(source)));
  const gone = Object.keys(before.files).filter((source) => !(source in files));
  if (stale.length + gone.length === 0) return [];
  await compiled(stale);
  for (const source of gone) for (const suffix of ['', '.map']) rmSync(output(source) + suffix, { force: true });
  before.files = files;
  written(stampFile, JSON.stringify(before));
  return [`${stale.length} of ${Object.keys(files).length} files`];
}

async function builtConsole(before) {
  const console = consoleStamp();
  if (console === undefined || (before.console === console && existsSync(join(root, 'dist', 'console', 'index.html')))) return [];
  await buildConsole();
  written(stampFile, JSON.stringify({ ...before, console }));
  return ['the console'];
}

function stamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

function filesIn(folder, wanted) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!wanted(path)) return [];
    return entry.isDirectory() ? filesIn(path, wanted) : [path];
  });
}

function sourcesIn(folder) {
  return filesIn(folder, (path) => path !== 'apps/console' && !path.endsWith('.spec.ts')).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.d.ts'),
  );
}

function output(source) {
  return join(root, 'dist', source.replace(/\.ts$/, '.js'));
}

function stamp(source) {
  const { mtimeMs, size } = statSync(join(root, source));
  return `${mtimeMs}-${size}`;
}

function digest(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

async function compiled(sources) {
  const { transformFile } = await import('@swc/core');
  await Promise.all(
    sources.map(async (source) => {
      const target = output(source);
      const { code, map } = await transformFile(join(root, source), { ...swcOptions, sourceFileName: join(root, source) });
      written(`${target}.map`, map);
      written(target, `${code}//# sourceMappingURL=${target.split('/').at(-1)}.map\n`);
    }),
  );
}

/** Whole or not at all: another start may be reading. */
function written(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, content);
  renameSync(`${path}.${process.pid}`, path);
}

function consoleStamp() {
  if (!existsSync(join(root, 'apps/console/index.html'))) return undefined;
  const files = filesIn('apps/console', (path) => !path.endsWith('.spec.ts'));
  return digest(files.map((file) => `${file} ${stamp(file)}`).join('\n'));
}

async function buildConsole() {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  const settings = ['build', 'apps/console', '--outDir', join(root, 'dist', 'console'), '--emptyOutDir', '--logLevel', 'warn'];
  // Also where tests ask for it: what is built stays, and is served to people.
  const env = { ...process.env, NODE_ENV: 'production' };
  const code = await ran(process.execPath, [vite, ...settings], { cwd: root, env });
  if (code !== 0) throw new Error(`The console could not be built (${code}).`);
  const assets = join(root, 'dist', 'console', 'assets');
  for (const name of readdirSync(assets)) writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  await installed(async () => {
    const what = await built(asked.length > 0 ? asked : parts);
    if (what.length > 0) console.error(`Built ${what.join(' and ')}.`);
  });
}
