export { type Recognition, recognitionDecider } from './accreditation.decider.js';
export type { GrantRecognition, RecognitionCommand, RecognitionEvent, RecognitionGranted } from './accreditation.messages.js';
export { recognitionContext } from './accreditation.module.js';
export { type RecognitionRow, recognitionsOf, recognitionsView } from './accreditation.views.js';
