/**
 * Tables of the embedded catalog. Entries are kept as JSON beside the columns that are searched by.
 * Partition values are kept as `key`: each value with the bytes 0, 1 escaped and ended by byte 0, so that the byte order of keys is the
 * order of value lists, and a prefix of values is a prefix of the key.
 */
export const CATALOG_COMPONENT = 'catalog'

/** The database of deleted tables. No name can be this one. */
export const GRAVEYARD = '\u0000'

export const CATALOG_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE catalog_database (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE catalog_table (
    id INTEGER PRIMARY KEY,
    database TEXT NOT NULL REFERENCES catalog_database (name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (database, name)
  );

  CREATE TABLE catalog_table_version (
    table_id INTEGER NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (table_id, version)
  ) WITHOUT ROWID;

  CREATE TABLE catalog_partition (
    table_id INTEGER NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
    key BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (table_id, key)
  ) WITHOUT ROWID;

  CREATE TABLE catalog_crawler (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  // What partitions have in common (columns, formats, SerDe) is kept once a table, and counted; partitions written before
  // have no form: theirs is in the body.
  `
  CREATE TABLE catalog_storage_form (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    body TEXT NOT NULL,
    uses INTEGER NOT NULL,
    UNIQUE (table_id, digest)
  );

  ALTER TABLE catalog_partition ADD COLUMN form INTEGER;

  -- state: FILLING (kept up to date, not yet read), ACTIVE, DEAD (to be buried, its name is free)
  CREATE TABLE catalog_partition_index (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX catalog_partition_index_of_table ON catalog_partition_index (table_id);

  -- entry: the values of the index's keys and then all values, both as in catalog_partition.key
  CREATE TABLE catalog_partition_index_entry (
    index_id INTEGER NOT NULL REFERENCES catalog_partition_index (id) ON DELETE CASCADE,
    entry BLOB NOT NULL,
    PRIMARY KEY (index_id, entry)
  ) WITHOUT ROWID;

  -- partition: the key of a partition, or empty for the table itself
  CREATE TABLE catalog_column_statistics (
    table_id INTEGER NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
    partition BLOB NOT NULL,
    column_name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (table_id, partition, column_name)
  ) WITHOUT ROWID;

  CREATE TABLE catalog_function (
    database TEXT NOT NULL REFERENCES catalog_database (name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (database, name)
  ) WITHOUT ROWID;

  -- where deleted tables wait for their burial: see burial.ts
  INSERT INTO catalog_database VALUES (char(0), '{}');
  `,
]

export function partitionKey(values: readonly string[]): Buffer {
  return Buffer.concat(values.flatMap((value) => [escaped(Buffer.from(value, 'utf8')), END]))
}

const END = Buffer.of(0)

/** Escapes 0 as 1 1 and 1 as 1 2, which keeps the byte order of values. */
export function escaped(bytes: Buffer): Buffer {
  if (!bytes.includes(0) && !bytes.includes(1)) return bytes
  const escapes: number[] = []
  for (const byte of bytes) {
    if (byte <= 1) escapes.push(1, byte + 1)
    else escapes.push(byte)
  }
  return Buffer.from(escapes)
}

/** Of the partition with these values and this key, in an index over the values at `columns`. */
export function indexEntry(columns: readonly number[], values: readonly string[], key: Buffer): Buffer {
  return Buffer.concat([partitionKey(columns.map((column) => values[column] ?? '')), key])
}

/** The values of a key. */
export function partitionValues(key: Buffer): string[] {
  if (key.length === 0) return []
  const values = key.toString('utf8', 0, key.length - 1).split('\u0000')
  return key.includes(1) ? values.map(unescaped) : values
}

function unescaped(value: string): string {
  return value.replace(/\u0001([\u0001\u0002])/g, (_, escaping) => (escaping === '\u0001' ? '\u0000' : '\u0001'))
}
