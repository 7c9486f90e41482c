export * from './authority.js';
export { canonicalJson, isText, sha256 } from './canonical.js';
export { Clock, SystemClock, VirtualClock } from './clock.js';
export { CommandHandling, type Foreseen } from './command-handling.js';
export { notFound } from './refusals.js';
export {
  type AnyDecider,
  type AskingContext,
  type Context,
  context,
  type DecisionContext,
  type Decider,
  type Fact,
  type Forwarding,
  type Shape,
} from './decider.js';
export {
  DataFolderInUse,
  EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  ensurePostgres,
  type RunningPostgres,
  startPostgres,
  stopPostgres,
} from './embedded.postgres.js';
export { ConcurrencyError, DomainError, type Language, type Text, UnavailableError } from './errors.js';
export {
  type Append,
  type Appended,
  categoryOf,
  EventStore,
  type Guard,
  type LogSlice,
  type ReadAllOptions,
  type ReadOptions,
} from './event-store.js';
export type { Follower, Sequel, Sequels, Step } from './follower.js';
export { InMemoryEventStore } from './event-store.memory.js';
export { PostgresEventStore, type PostgresEventStoreOptions } from './event-store.postgres.js';
export { logMigrations } from './log-schema.postgres.js';
export { commandIdOf, derivedUuid, isUuid, uuidv7 } from './identifiers.js';
export {
  type Envelope,
  envelopeOf,
  type EventMeta,
  type Message,
  officeOf,
  personOf,
  type Receipt,
  recordedBy,
  type RecordedEvent,
} from './message.js';

export { LogTail } from './log-tail.js';
export { evolved, type Loaded, States } from './states.js';
export {
  disclosedValue,
  type Disclosure,
  holdsPersonalData,
  InMemoryVault,
  isSealed,
  Personal,
  PersonalPart,
  personErased,
  personalFieldsOf,
  seal,
  type Sealable,
  type Sealed,
  sealed,
  Vault,
} from './vault.js';
export { type Sql, type View, Views } from './view.js';
export { institutionCode, isMinistryCode, provinceOfCode } from './institution-code.js';
export { decidesOnWhatWasRead, DecidesOnWhatWasRead, isDay, IsDay, isInstant, IsInstant } from './shape.js';
export { changedElsewhere, type Draft, draftBytesAtMost, Drafts, draftsPerPersonAtMost, InMemoryDrafts } from './drafts.js';
export { PostgresDrafts } from './drafts.postgres.js';
export { installationKeyIn, installationKeyOf } from './installation-key.js';
export { sweepVault } from './vault.sweep.js';
export { PostgresVault, vaultMigrations } from './vault.postgres.js';
export { answering, connectionTo, type Migration, migrate, openPool, runtimeRole } from './database.postgres.js';
export { type Difference, eventsBehind, rebuildAndCompare, type ViewSources } from './view-rebuild.postgres.js';
export { type ViewMove, ViewRunner, type ViewRunnerOptions, type ViewStatus } from './view-runner.postgres.js';
export { fileBytesAtMost, fileTooLarge, Files, type OpenedFile, type StoredFile } from './files.js';
export { FilesOnDisk } from './files.disk.js';
export { openEventStoreDb } from './open.eventstoredb.js';
