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
]

export function migrateKeyTables(database: MetadataDatabase): void {
  database.migrate('keys', MIGRATIONS)
}
