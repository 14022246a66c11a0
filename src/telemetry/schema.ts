/** Tables of metrics and logs in the lake's metadata database. */
export const TELEMETRY_COMPONENT = 'telemetry'

export const TELEMETRY_MIGRATIONS: readonly string[] = [
  `CREATE TABLE metric_series (
     id INTEGER PRIMARY KEY,
     namespace TEXT NOT NULL,
     name TEXT NOT NULL,
     dimensions TEXT NOT NULL,
     unit TEXT NOT NULL,
     last_minute INTEGER NOT NULL
   );
   -- What was flushed since the hours were last put together: points of all series, in the order of time.
   CREATE TABLE metric_flush (number INTEGER PRIMARY KEY AUTOINCREMENT, points BLOB NOT NULL);
   -- How far a putting together came: flushes up to this one, hours before this one, series up to this one.
   CREATE TABLE metric_settling (flush INTEGER NOT NULL, hour INTEGER NOT NULL, series INTEGER NOT NULL);
   -- The points of one series in one hour. id: hour * 2^20 + series.
   CREATE TABLE metric_chunk (id INTEGER PRIMARY KEY, points BLOB NOT NULL);
   -- step: minutes that a point stands for.
   CREATE TABLE metric_hour (hour INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, step INTEGER NOT NULL);

   CREATE TABLE log_group (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     name TEXT NOT NULL UNIQUE,
     created_ms INTEGER NOT NULL,
     retention_days INTEGER,
     tags TEXT NOT NULL
   );
   CREATE TABLE log_stream (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     group_id INTEGER NOT NULL,
     name TEXT NOT NULL,
     created_ms INTEGER NOT NULL,
     first_ms INTEGER,
     last_ms INTEGER,
     ingested_ms INTEGER,
     bytes INTEGER NOT NULL,
     UNIQUE (group_id, name)
   );
   CREATE TABLE log_event (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     group_id INTEGER NOT NULL,
     stream_id INTEGER NOT NULL,
     at_ms INTEGER NOT NULL,
     ingested_ms INTEGER NOT NULL,
     message TEXT NOT NULL
   );
   CREATE INDEX log_event_by_stream ON log_event (stream_id, at_ms, id);
   CREATE INDEX log_event_by_group ON log_event (group_id, at_ms, id);
   -- Streams that were deleted and may still have events.
   CREATE TABLE log_remains (stream_id INTEGER PRIMARY KEY);`,
]
