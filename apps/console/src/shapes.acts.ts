export type ActName =
  | 'check'
  | 'correct'
  | 'assign'
  | 'review'
  | 'discuss'
  | 'revise'
  | 'vote'
  | 'break-tie'
  | 'rule'
  | 'declare-conflict'
  | 'report-conflict'
  | 'object'
  | 'register'
  | 'open-session'
  | 'remind-voters'
  | 'withdraw'
  | 'send-back'
  | 'appeal'
  | 'state'
  | 'give-ruling'
  | 'sign'
  | 'change-panel'
  | 'transfer'
  | 'take-back'
  | 'retract'
  | 'copy'
  | 'request-files'
  | 'grant-files'
  | 'replace-files';

export interface Act {
  /** A later server may name others. */
  readonly act: ActName | (string & {});
  readonly stage: string;
  readonly dueAt?: string;
  /** Where an application may be sent back to. */
  readonly to?: readonly string[];
  /** The task, the party or the request that it is about. */
  readonly part?: string;
  /** To whom a task may be handed over; whose conflict may still be declared. */
  readonly people?: readonly string[];
}
