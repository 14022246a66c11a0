/**
 * Tables of the embedded crawler store beside `catalog_crawler`. Entries are kept as JSON. Runs have been part of their
 * crawler's entry before: the migration moves them out.
 */
export const CRAWLER_COMPONENT = 'crawler'

export const CRAWLER_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE crawler_run (
    sequence INTEGER PRIMARY KEY,
    crawler TEXT NOT NULL REFERENCES catalog_crawler (name) ON DELETE CASCADE,
    started_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX crawler_run_newest ON crawler_run (crawler, sequence);

  CREATE TABLE crawler_classifier (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) WITHOUT ROWID;

  INSERT INTO crawler_run (crawler, started_at_ms, body)
    SELECT crawler.name, run.value ->> '$.startedAtMs', json_remove(run.value, '$.messages')
    FROM catalog_crawler AS crawler, json_each(crawler.body, '$.runs') AS run
    ORDER BY crawler.name, run.key DESC;

  UPDATE catalog_crawler SET body = json_remove(json_set(body, '$.lastRun',
      json_remove(json_extract(body, '$.runs[0]'), '$.messages')), '$.runs')
    WHERE json_array_length(body, '$.runs') > 0;
  UPDATE catalog_crawler SET body = json_remove(body, '$.runs');
  `,
]
