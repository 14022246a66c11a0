/** Tables of the embedded job store. Entries are kept as JSON; what is asked for by has a column. */
export const JOB_COMPONENT = 'job'

export const JOB_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE job (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE job_run (
    sequence INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    id TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    has_ended INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX job_run_id ON job_run (job, id);
  CREATE INDEX job_run_newest ON job_run (job, sequence);
  CREATE INDEX job_run_unended ON job_run (job) WHERE has_ended = 0;
  `,
]
