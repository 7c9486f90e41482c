import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Lets a child process of a test run the sources as they are: `node --import …/typescript.mjs --conditions=entente-source file.ts`.
 */
if (import.meta.url.endsWith('?hooks') === false) {
  await import('reflect-metadata');
  register(`${import.meta.url}?hooks`);
}

const options = {
  sourceMaps: 'inline',
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
};

export async function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && specifier.endsWith('.js')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  return { format: 'module', source: await kept(fileURLToPath(url)), shortCircuit: true };
}

/** What a file becomes, made once for all processes of a test run, whose folder is gone after it. */
async function kept(filename) {
  const { mtimeMs } = statSync(filename);
  const place = join(process.env.ENTENTE_TEST_RUN ?? '', `${createHash('sha1').update(filename).digest('hex')}-${mtimeMs}.js`);
  if (process.env.ENTENTE_TEST_RUN !== undefined && existsSync(place)) return readFileSync(place, 'utf8');
  const { transformSync } = await import('@swc/core');
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
  if (process.env.ENTENTE_TEST_RUN !== undefined) {
    writeFileSync(`${place}.${process.pid}`, code);
    renameSync(`${place}.${process.pid}`, place);
  }
  return code;
}
