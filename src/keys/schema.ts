/**
 * Tables of the lake's keys. `master_key` has one row: the name (fingerprint) of the key that all others are wrapped by,
 * and the JSON state of a rotation while one is under way.
 */
import type { MetadataDatabase } from '../platform/sqlite.ts'

const MIGRATIONS = [
  `CREATE TABLE master_key (name TEXT NOT NULL, rotation TEXT);
   CREATE TABLE IF NOT EXISTS object_store_key (fingerprint TEXT NOT NULL);
   INSERT INTO master_key (name) SELECT fingerprint FROM object_store_key;
   DROP TABLE object_store_key;`,

  `CREATE TABLE customer_key (
     id TEXT PRIMARY KEY,
     created_at_ms INTEGER NOT NULL,
     description TEXT NOT NULL,
     manager TEXT NOT NULL,
     state TEXT NOT NULL,
     policy TEXT NOT NULL,
     tags TEXT NOT NULL,
     deletion_at_ms INTEGER,
     rotation TEXT
   );
   CREATE TABLE customer_key_material (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     key_id TEXT NOT NULL REFERENCES customer_key (id),
     wrapped BLOB NOT NULL,
     created_at_ms INTEGER NOT NULL
   );
   CREATE INDEX customer_key_materials ON customer_key_material (key_id, id);
   CREATE TABLE customer_key_alias (
     name TEXT PRIMARY KEY,
     key_id TEXT NOT NULL REFERENCES customer_key (id),
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL
   ) WITHOUT ROWID;`,
]

export function migrateKeyTables(database: MetadataDatabase): void {
  database.migrate('keys', MIGRATIONS)
}
