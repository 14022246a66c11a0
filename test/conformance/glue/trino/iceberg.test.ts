/**
 * A real Trino server, its Iceberg connector on a lake's Glue and S3, alone and beside pyiceberg. Skipped where no
 * Trino is; `npm run test:trino` gets one.
 */
import { GetTableCommand } from '@aws-sdk/client-glue'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noIceberg, python, runAgainst, titled } from '../../../support/installed.ts'
import { lakeOfFile } from '../../../support/lake-of-file.ts'
import { noTrino, startTrino, type TestTrino } from './server.ts'

const BUCKET = 'trino.iceberg'
const lacks = noTrino('iceberg')

/** Appends rows to a table: name of the table, then the id of each row. A commit that is refused is tried again. */
const APPEND = `
import os, sys
import pyarrow as pa
from pyiceberg.catalog import load_catalog
endpoint, key, secret = (os.environ[n] for n in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
lake = load_catalog("lake", **{"type": "glue", "glue.endpoint": endpoint, "s3.endpoint": endpoint, "s3.access-key-id": key, "s3.secret-access-key": secret})
for row in sys.argv[2:]:
    table = lake.load_table(sys.argv[1])
    with table.transaction() as transaction:
        transaction.set_properties({"commit.retry.num-retries": "50"})
        transaction.append(pa.table({"id": pa.array([int(row)], pa.int64()), "name": ["python"]}))
`

describe.skipIf(lacks !== undefined)(titled("Trino's Iceberg connector", lacks), () => {
  const { lake } = lakeOfFile()
  let trino: TestTrino
  beforeAll(async () => {
    await lake().s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
    trino = await startTrino(lake(), 'iceberg', `s3://${BUCKET}/`)
    await trino.rows('CREATE SCHEMA ice')
  }, 180_000)
  afterAll(() => trino?.stop())

  const rows = (sql: string) => trino.rows(sql)
  const entry = async (Name: string) =>
    (await lake().glue.send(new GetTableCommand({ DatabaseName: 'ice', Name }))).Table

  test('tables are made, changed row by row, evolved, compacted, renamed and dropped', async () => {
    await rows("CREATE TABLE ice.t (id bigint, name varchar, day date) WITH (partitioning = ARRAY['day'])")
    const made = await entry('t')
    expect(made?.Parameters).toMatchObject({
      table_type: 'ICEBERG',
      metadata_location: expect.stringMatching(/^s3:\/\/trino\.iceberg\/.*\.metadata\.json$/),
    })
    await rows("INSERT INTO ice.t VALUES (1, 'a', date '2026-01-01'), (2, 'b', date '2026-01-02')")
    await rows("UPDATE ice.t SET name = 'z' WHERE id = 1")
    await rows('DELETE FROM ice.t WHERE id = 2')
    await rows('ALTER TABLE ice.t ADD COLUMN extra integer')
    await rows(`
      MERGE INTO ice.t USING (VALUES (1, 'one'), (4, 'four')) AS s (id, name) ON t.id = s.id
      WHEN MATCHED THEN UPDATE SET name = s.name
      WHEN NOT MATCHED THEN INSERT (id, name, extra) VALUES (s.id, s.name, 7)`)
    const expected = [
      [1, 'one', '2026-01-01', null],
      [4, 'four', null, 7],
    ]
    expect(await rows('SELECT * FROM ice.t ORDER BY id')).toEqual(expected)
    const [[first] = []] = await rows(
      'SELECT cast(snapshot_id AS varchar) FROM ice."t$snapshots" ORDER BY committed_at LIMIT 1',
    )
    expect(await rows(`SELECT count(*) FROM ice.t FOR VERSION AS OF ${first}`)).toEqual([[0]])
    await rows('ALTER TABLE ice.t EXECUTE optimize')
    const now = await entry('t')
    expect(Number(now?.VersionId)).toBeGreaterThan(Number(made?.VersionId))
    expect(now?.Parameters?.['previous_metadata_location']).toBeDefined()
    await rows('ALTER TABLE ice.t RENAME TO ice.renamed')
    expect(await rows('SELECT * FROM ice.renamed ORDER BY id')).toEqual(expected)
    expect(await trino.refusal('SELECT * FROM ice.t')).toMatch(/^TABLE_NOT_FOUND/)
    await rows('DROP TABLE ice.renamed')
    expect(await rows('SHOW TABLES FROM ice')).toEqual([])
  })

  test('materialized views are kept and refreshed', async () => {
    await rows('CREATE TABLE ice.source AS SELECT * FROM (VALUES 1, 2, 3) AS t (n)')
    await rows('CREATE MATERIALIZED VIEW ice.counted AS SELECT count(*) AS n FROM ice.source')
    await rows('REFRESH MATERIALIZED VIEW ice.counted')
    expect(await rows('SELECT n FROM ice.counted')).toEqual([[3]])
    await rows('INSERT INTO ice.source VALUES 4')
    await rows('REFRESH MATERIALIZED VIEW ice.counted')
    expect(await rows('SELECT n FROM ice.counted')).toEqual([[4]])
    await rows('DROP MATERIALIZED VIEW ice.counted')
    await rows('DROP TABLE ice.source')
  })

  test('Trino and pyiceberg write to one table at once, and no row is lost', async ({ skip }) => {
    if (noIceberg !== undefined) skip(noIceberg)
    await rows('CREATE TABLE ice.shared (id bigint, name varchar)')
    const ids = [1, 2, 3, 4, 5, 6]
    const writing = async (by: number) => {
      for (const id of ids) await rows(`INSERT INTO ice.shared VALUES (${by + id}, 'trino')`)
    }
    const appended = runAgainst(lake(), python, ['-c', APPEND, 'ice.shared', ...ids.map(String)])
    await Promise.all([appended, writing(100), writing(200)])
    expect(await rows('SELECT name, count(*), count(DISTINCT id) FROM ice.shared GROUP BY name ORDER BY name')).toEqual(
      [
        ['python', 6, 6],
        ['trino', 12, 12],
      ],
    )
    expect(Number((await entry('shared'))?.VersionId)).toBeGreaterThanOrEqual(18)
    await rows('DROP TABLE ice.shared')
  })
})
