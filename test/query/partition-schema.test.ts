/** Which changes of a column's type from partition to table queries take. */
import { describe, expect, test } from 'vitest'
import type { Partition, Table } from '../../src/catalog/types.ts'
import type { ScanFormat } from '../../src/engine/engine.ts'
import { canConvert, PartitionSchemas } from '../../src/query/partition-schema.ts'
import { parseHiveType } from '../../src/sql/hive-type.ts'

const TYPES = [
  ...['boolean', 'tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal(10,2)', 'string', 'varchar(5)'],
  ...['char(3)', 'binary', 'date', 'timestamp', 'array<int>', 'map<string,int>', 'struct<a:int>'],
]

/** A line for each type of a partition, a mark for each type of the table in the same order: y: taken (Trino 476). */
const TAKEN: Readonly<Record<string, string>> = {
  boolean: 'y-------yy-------',
  tinyint: '-yyyy-yyyy-------',
  smallint: '--yyy-yyyy-------',
  int: '---yy-yyyy-------',
  bigint: '----y-yyyy-------',
  float: '-----yyyyy-------',
  double: '-----yyyyy-------',
  'decimal(10,2)': '-yyyyyyyyy-------',
  string: 'yyyyyyy-yyy-yy---',
  'varchar(5)': 'yyyyyyy-yyy-yy---',
  'char(3)': '--------yyy------',
  binary: '--------yy-y-----',
  date: '--------yy--y----',
  timestamp: '--------yy--yy---',
  'array<int>': '--------------y--',
  'map<string,int>': '---------------y-',
  'struct<a:int>': '----------------y',
}

test.each(Object.entries(TAKEN))('of a partition with %s', (from, marks) => {
  const taken = TYPES.map((to) => (canConvert(parseHiveType(from), parseHiveType(to)) ? 'y' : '-'))
  expect(taken.join('')).toBe(marks)
})

test.each([
  ['array<int>', 'array<bigint>', true],
  ['array<int>', 'array<string>', true],
  ['array<string>', 'array<array<int>>', false],
  ['map<string,int>', 'map<string,bigint>', true],
  ['map<int,int>', 'map<string,int>', true],
  ['struct<a:int>', 'struct<a:int,b:string>', true],
  ['struct<a:int,b:string>', 'struct<a:int>', true],
  ['struct<a:int>', 'struct<A:bigint>', true],
  ['struct<a:int>', 'struct<b:int>', false],
  ['struct<a:int,b:string>', 'struct<b:string,a:int>', false],
  ['struct<a:int>', 'struct<a:array<int>>', false],
  ['varchar(5)', 'varchar(3)', true],
  ['decimal(10,2)', 'decimal(5,2)', true],
])('%s to %s', (from, to, isTaken) => {
  expect(canConvert(parseHiveType(from), parseHiveType(to))).toBe(isTaken)
})

describe('columns of a partition are those of the table', () => {
  const JSON_LINES: ScanFormat = {
    kind: 'json',
    serde: 'openx',
    ignoreMalformed: false,
    caseInsensitive: true,
    dotsInKeys: false,
    mapping: {},
    timestampFormats: [],
  }
  const DELIMITED: ScanFormat = {
    kind: 'csv',
    serde: 'lazy',
    fieldDelimiter: ',',
    collectionDelimiter: '\u0002',
    mapKeyDelimiter: '\u0003',
    nullText: '\\N',
    skipHeaderLines: 0,
    timestampFormats: [],
  }
  const storage = (...columns: (readonly [string, string])[]) =>
    ({ columns: columns.map(([name, type]) => ({ name, type })) }) as unknown as NonNullable<Table['storage']>
  const table = {
    database: 'd',
    name: 't',
    storage: storage(['a', 'string'], ['b', 'int']),
    partitionKeys: [{ name: 'p', type: 'string' }],
  } as unknown as Table
  const partition = (...columns: (readonly [string, string])[]) =>
    ({ values: ['1'], storage: storage(...columns) }) as unknown as Partition
  const check = (format: ScanFormat, read: readonly string[], one: Partition) => () =>
    new PartitionSchemas(table, new Set(read), format).check(one, 'p=1')

  test.each([
    ['by name, in any order, some missing', JSON_LINES, [['b', 'smallint']]],
    [
      'by name, others beside them',
      JSON_LINES,
      [
        ['x', 'array<int>'],
        ['A', 'string'],
      ],
    ],
    [
      'by place in text, whatever their names',
      DELIMITED,
      [
        ['b', 'int'],
        ['a', 'string'],
      ],
    ],
    ['none declared', DELIMITED, []],
  ] as const)('%s', (_, format, columns) => {
    expect(check(format, ['a', 'b'], partition(...columns))).not.toThrow()
  })

  test('those that cannot be converted are refused, but only when they are read', () => {
    const clash = partition(['a', 'string'], ['x', 'array<int>'])
    expect(check(DELIMITED, ['a', 'b'], clash)).toThrow(
      "There is a mismatch between the table and partition schemas. The types are incompatible and cannot be coerced. The column 'b' in table 'd.t' is declared as type 'int', but partition 'p=1' declared column 'x' as type 'array<int>'.",
    )
    expect(check(DELIMITED, ['a'], clash)).not.toThrow()
    expect(check(JSON_LINES, ['a', 'b'], clash)).not.toThrow()
  })
})
