export { type CharterGiven, charterGiven, organsOnce } from './charter-given.js';
export { type ContextKnown, type ContextsKnown } from './contexts-known.js';
export { beyondNotices } from './horizon.js';
export { checkDefinition, checkUnderCharter } from './definition.check.js';
export { type Finding, type FindingCode, finding, isRemark } from './finding.js';
export { markingOf, netOf, soundnessFindings } from './flow.js';
export { type Net, play, type Played, type Transition } from './net.js';
export { type CheckedFile, checkFile } from './file.js';
export { type Located, type Place, readSource, type YamlFile, yamlFile } from './source.js';
