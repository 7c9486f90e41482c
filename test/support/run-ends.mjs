export { runEnds as default } from './run.mjs';
