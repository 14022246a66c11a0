/** Tables of the embedded flow store. Entries are kept as JSON; what is asked for by has a column. */
export const FLOW_COMPONENT = 'flow'

export const FLOW_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE flow_trigger (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE flow_workflow (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE flow_lone_step (run_id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE flow_run (
    sequence INTEGER PRIMARY KEY,
    workflow TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    started_at_ms INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX flow_run_newest ON flow_run (workflow, sequence);
  CREATE INDEX flow_run_open ON flow_run (sequence) WHERE is_open = 1;
  `,
]
