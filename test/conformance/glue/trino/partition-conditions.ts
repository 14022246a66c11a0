/** A table of many partitions whose keys have each type that Trino pushes down, and conditions on them. */
import { BatchCreatePartitionCommand, CreateDatabaseCommand, CreateTableCommand } from '@aws-sdk/client-glue'
import type { TestLake } from '../../../support/lake.ts'

const DatabaseName = 'conditions'
const TableName = 'keyed'
export const KEYED = `${DatabaseName}."${TableName}$partitions"`
/** More than a page of GetPartitions holds; Trino asks in segments. Key `n` counts them from 0. */
export const PARTITIONS = 1200

const KINDS = ['plain', 'a b', 'x=y', 'ü/%']
const kindOf = (n: number) => KINDS[n % KINDS.length] ?? ''
const dayOf = (n: number) => `2026-01-${String((n % 28) + 1).padStart(2, '0')}`

export interface Condition {
  readonly condition: string
  /** Whether it holds of the partition with that `n`. */
  holds(n: number): boolean
}

export const CONDITIONS: readonly Condition[] = [
  { condition: 'n = 7', holds: (n) => n === 7 },
  { condition: 'n IN (1, 5, 2000)', holds: (n) => n === 1 || n === 5 },
  { condition: 'n BETWEEN 100 AND 199', holds: (n) => n >= 100 && n <= 199 },
  { condition: 'n > 1190 OR n < 3', holds: (n) => n > 1190 || n < 3 },
  { condition: 'n <> 5', holds: (n) => n !== 5 },
  { condition: "day = date '2026-01-02'", holds: (n) => dayOf(n) === '2026-01-02' },
  { condition: "day > date '2026-01-20'", holds: (n) => dayOf(n) > '2026-01-20' },
  { condition: "kind = 'a b'", holds: (n) => kindOf(n) === 'a b' },
  {
    condition: "kind IN ('a b', 'ü/%')",
    holds: (n) => ['a b', 'ü/%'].includes(kindOf(n)),
  },
  { condition: "kind > 'b'", holds: (n) => kindOf(n) > 'b' },
  { condition: 'size = 3.50', holds: (n) => n % 7 === 3 },
  { condition: 'size < 1', holds: (n) => n % 7 === 0 },
  { condition: 'big >= 10000001000', holds: (n) => n >= 1000 },
  {
    condition: "n < 100 AND day >= date '2026-01-05' AND kind = 'plain'",
    holds: (n) => n < 100 && dayOf(n) >= '2026-01-05' && kindOf(n) === 'plain',
  },
  { condition: 'n IS NULL', holds: () => false },
  { condition: "kind LIKE 'pl%'", holds: (n) => kindOf(n) === 'plain' },
  { condition: 'true', holds: () => true },
]

export async function makeKeyedTable(lake: TestLake, location: string): Promise<void> {
  await lake.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DatabaseName } }))
  const storage = {
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
    Columns: [{ Name: 'id', Type: 'bigint' }],
  }
  const Location = `${location}keyed/`
  await lake.glue.send(
    new CreateTableCommand({
      DatabaseName,
      TableInput: {
        Name: TableName,
        TableType: 'EXTERNAL_TABLE',
        StorageDescriptor: { ...storage, Location },
        PartitionKeys: [
          { Name: 'n', Type: 'int' },
          { Name: 'day', Type: 'date' },
          { Name: 'kind', Type: 'string' },
          { Name: 'size', Type: 'decimal(6,2)' },
          { Name: 'big', Type: 'bigint' },
        ],
      },
    }),
  )
  const inputs = Array.from({ length: PARTITIONS }, (_, n) => {
    const Values = [String(n), dayOf(n), kindOf(n), `${n % 7}.50`, String(10_000_000_000 + n)]
    return { Values, StorageDescriptor: { ...storage, Location: `${Location}n=${n}/` } }
  })
  for (let from = 0; from < PARTITIONS; from += 100) {
    const PartitionInputList = inputs.slice(from, from + 100)
    const { Errors = [] } = await lake.glue.send(
      new BatchCreatePartitionCommand({ DatabaseName, TableName, PartitionInputList }),
    )
    if (Errors.length > 0) throw new Error(`not created: ${JSON.stringify(Errors[0])}`)
  }
}
