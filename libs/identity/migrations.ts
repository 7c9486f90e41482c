import type { Migration } from '#kernel';

/** The tables of identity, in the order in which they are to be made. Nothing here is in the log, and nothing of the log is here. */
export const identityMigrations: readonly Migration[] = [
  {
    id: 'identity-001-tables',
    sql: `
CREATE SCHEMA IF NOT EXISTS identity;
CREATE TABLE identity.account (
  person text PRIMARY KEY,
  login text NOT NULL UNIQUE,
  password text NOT NULL,
  set_at timestamptz NOT NULL);
CREATE TABLE identity.invitation (
  token_hash bytea PRIMARY KEY,
  person text NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL);
CREATE TABLE identity.oidc_link (
  issuer text NOT NULL,
  subject text NOT NULL,
  person text NOT NULL,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject));
CREATE INDEX ON identity.oidc_link (person);
CREATE TABLE identity.oidc_login (
  token_hash bytea PRIMARY KEY,
  provider text NOT NULL,
  invitation_hash bytea,
  expires_at timestamptz NOT NULL);
CREATE TABLE identity.attempt (
  bucket bytea PRIMARY KEY,
  bad integer NOT NULL,
  window_ends_at timestamptz NOT NULL,
  trusted_until timestamptz);
CREATE TABLE identity.session (
  token_hash bytea PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  person text NOT NULL,
  method text NOT NULL,
  agent text NOT NULL,
  signed_in_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL) WITH (fillfactor = 70);
CREATE INDEX ON identity.session (person);
CREATE TABLE identity.machine_key (
  id text PRIMARY KEY,
  token_hash bytea NOT NULL,
  person text NOT NULL,
  alliance text NOT NULL,
  name text NOT NULL,
  powers text[] NOT NULL,
  network inet,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz) WITH (fillfactor = 70);
CREATE INDEX ON identity.machine_key (person);
GRANT USAGE ON SCHEMA identity TO entente_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA identity TO entente_runtime;
`,
  },
  {
    id: 'identity-002-key-method',
    sql: `ALTER TABLE identity.machine_key ADD COLUMN method text;`,
  },
];
