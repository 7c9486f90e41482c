export { charterDecider, type Charter, type CharterOrgan, type Finding, lintCharter } from './charter.decider.js';
export type { AdoptCharter, CharterAdopted, CharterCommand, CharterDocument, CharterEvent } from './charter.messages.js';
export { charterContext } from './charter.module.js';
export { charterOn, chartersView } from './charter.views.js';
