/**
 * Tables of the embedded catalog. Entries are kept as JSON beside the columns that are searched by.
 * Partition values are kept as `key`: each value with the bytes 0, 1 escaped and ended by byte 0, so that the byte order of keys is the
 * order of value lists, and a prefix of values is a prefix of the key.
 */
export const CATALOG_COMPONENT = 'catalog'

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
]

/** See the header. Escapes 0 as 1 1 and 1 as 1 2, which keeps the byte order of values. */
export function partitionKey(values: readonly string[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.from(value, 'utf8')
      if (!bytes.includes(0) && !bytes.includes(1)) return Buffer.concat([bytes, Buffer.of(0)])
      const escaped: number[] = []
      for (const byte of bytes) {
        if (byte <= 1) escaped.push(1, byte + 1)
        else escaped.push(byte)
      }
      return Buffer.from([...escaped, 0])
    }),
  )
}
