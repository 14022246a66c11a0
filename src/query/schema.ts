/** Tables of the query stage in the lake's metadata database. Entries are JSON; columns beside them are what is looked up. */
export const QUERY_COMPONENT = 'query'

export const QUERY_MIGRATIONS: readonly string[] = [
  `CREATE TABLE query_execution (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     token TEXT NOT NULL UNIQUE,
     workgroup TEXT NOT NULL,
     submitted_ms INTEGER NOT NULL,
     is_finished INTEGER NOT NULL,
     body TEXT NOT NULL
   );
   CREATE INDEX query_execution_by_workgroup ON query_execution (workgroup, number);
   CREATE INDEX query_execution_open ON query_execution (number) WHERE is_finished = 0;
   CREATE TABLE query_workgroup (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE query_named (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     workgroup TEXT NOT NULL,
     body TEXT NOT NULL
   );
   CREATE INDEX query_named_by_workgroup ON query_named (workgroup, number);
   CREATE TABLE query_prepared (
     workgroup TEXT NOT NULL,
     name TEXT NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (workgroup, name)
   ) WITHOUT ROWID;`,
  // Writes whose objects may be there already: see writes/commit.ts.
  'CREATE TABLE query_write (execution TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE query_catalog (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID',
]
