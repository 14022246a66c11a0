/**
 * Tables of the local object store. Keys are BLOBs of UTF-8: compared byte by byte, which is S3's order, and safe for
 * keys that hold NUL. `object_version.id` grows with every write, so within a key it is the order of versions.
 * `upload.started_after` is the newest version id of the bucket's store when the upload began. A completed upload stays
 * as a row for a while, so that repeating its completion gives the same answer.
 *
 * JSON columns are NULL where the ordinary holds: `encryption` for SSE-S3, `lock` without retention or legal hold, `acl`
 * for the owner's alone, `blob.key_source` for a key wrapped by the master key.
 */
import type { MetadataDatabase } from '../../platform/sqlite.ts'

const MIGRATIONS = [
  `CREATE TABLE bucket (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     name TEXT NOT NULL UNIQUE,
     created_at_ms INTEGER NOT NULL,
     region TEXT NOT NULL,
     settings TEXT NOT NULL
   );

   CREATE TABLE blob (
     id INTEGER PRIMARY KEY,
     size INTEGER NOT NULL,
     wrapped_key BLOB NOT NULL,
     uses INTEGER NOT NULL,
     sealed BLOB
   );
   CREATE TABLE blob_ids (first INTEGER NOT NULL, next INTEGER NOT NULL);
   INSERT INTO blob_ids VALUES (1, 1);
   CREATE TABLE blob_discarded (id INTEGER PRIMARY KEY);

   CREATE TABLE object_version (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     bucket_id INTEGER NOT NULL REFERENCES bucket (id),
     key BLOB NOT NULL,
     version_id TEXT NOT NULL,
     latest INTEGER NOT NULL,
     marker INTEGER NOT NULL,
     size INTEGER NOT NULL,
     etag TEXT NOT NULL,
     modified_at_ms INTEGER NOT NULL,
     checksum TEXT,
     metadata TEXT,
     tags TEXT,
     once_token TEXT,
     blob_id INTEGER,
     parts TEXT
   );
   CREATE INDEX object_history ON object_version (bucket_id, key, id DESC);
   CREATE UNIQUE INDEX object_listing ON object_version (bucket_id, key) WHERE latest = 1 AND marker = 0;
   CREATE UNIQUE INDEX object_named ON object_version (version_id) WHERE version_id <> 'null';`,

  `CREATE TABLE upload (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     bucket_id INTEGER NOT NULL REFERENCES bucket (id),
     key BLOB NOT NULL,
     upload_id TEXT NOT NULL UNIQUE,
     started_at_ms INTEGER NOT NULL,
     started_after INTEGER NOT NULL,
     metadata TEXT NOT NULL,
     checksum TEXT,
     completed_version INTEGER
   );
   CREATE INDEX upload_listing ON upload (bucket_id, key, id) WHERE completed_version IS NULL;

   CREATE TABLE upload_part (
     upload INTEGER NOT NULL REFERENCES upload (id),
     number INTEGER NOT NULL,
     blob_id INTEGER NOT NULL,
     size INTEGER NOT NULL,
     etag TEXT NOT NULL,
     modified_at_ms INTEGER NOT NULL,
     checksum TEXT NOT NULL,
     PRIMARY KEY (upload, number)
   ) WITHOUT ROWID;`,

  `ALTER TABLE object_version ADD COLUMN encryption TEXT;
   ALTER TABLE object_version ADD COLUMN lock TEXT;
   ALTER TABLE object_version ADD COLUMN acl TEXT;
   ALTER TABLE upload ADD COLUMN encryption TEXT;
   ALTER TABLE upload ADD COLUMN lock TEXT;
   ALTER TABLE upload ADD COLUMN acl TEXT;
   ALTER TABLE blob ADD COLUMN key_source TEXT;`,

  'ALTER TABLE upload ADD COLUMN begun_with TEXT;',
]

export function migrateObjectTables(database: MetadataDatabase): void {
  database.migrate('objects-local', MIGRATIONS)
}
