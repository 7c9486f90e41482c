import 'reflect-metadata';
import { entente } from './cli.js';

process.exitCode = await entente(process.argv.slice(2), {
  environment: process.env,
  say: (line) => process.stdout.write(`${line}\n`),
  tell: (line) => process.stderr.write(`${line}\n`),
});
