/** The tables of identities in the lake's metadata database. Whole entities are JSON; columns are what is looked up. */

export const identityMigrations = [
  `
  CREATE TABLE identity_principal (
    kind TEXT NOT NULL, name TEXT NOT NULL, folded_name TEXT NOT NULL, entity TEXT NOT NULL,
    PRIMARY KEY (kind, name), UNIQUE (kind, folded_name)
  ) WITHOUT ROWID;
  CREATE TABLE identity_inline_policy (
    kind TEXT NOT NULL, principal TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (kind, principal, name),
    FOREIGN KEY (kind, principal) REFERENCES identity_principal (kind, name)
  ) WITHOUT ROWID;
  CREATE TABLE identity_managed_policy (
    arn TEXT PRIMARY KEY, folded_name TEXT NOT NULL UNIQUE, entity TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE identity_attachment (
    kind TEXT NOT NULL, principal TEXT NOT NULL, policy_arn TEXT NOT NULL,
    PRIMARY KEY (kind, principal, policy_arn),
    FOREIGN KEY (kind, principal) REFERENCES identity_principal (kind, name)
  ) WITHOUT ROWID;
  CREATE INDEX identity_attachment_by_policy ON identity_attachment (policy_arn);
  CREATE TABLE identity_access_key (
    access_key_id TEXT PRIMARY KEY, user_name TEXT NOT NULL, entity TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE identity_session (
    access_key_id TEXT PRIMARY KEY, expires_at_ms INTEGER NOT NULL, entity TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
] as const
