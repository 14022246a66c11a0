/** Arrow reads converted files as what the table says: the types of the columns, and every value of a nested row. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Conversion } from '../../../src/delivery/destination.ts'
import { convertAll } from '../../delivery/conversion/conversion-world.ts'
import { noArrow, python, titled } from '../../support/installed.ts'

const PROGRAM = `
import json, sys
import pyarrow.parquet as parquet
table = parquet.read_table(sys.argv[1])
print(json.dumps({"types": {field.name: str(field.type) for field in table.schema}, "rows": table.to_pylist()}, default=str))
`

const COLUMNS = {
  b: 'boolean',
  t: 'tinyint',
  s: 'smallint',
  i: 'int',
  l: 'bigint',
  f: 'float',
  d: 'double',
  dec: 'decimal(38,4)',
  text: 'string',
  ts: 'timestamp',
  day: 'date',
  bin: 'binary',
  list: 'array<struct<x:int,y:array<string>>>',
  map: 'map<string,map<string,bigint>>',
  st: 'struct<a:struct<b:double,c:array<array<int>>>,e:decimal(5,2)>',
}

const FULL = `{"b":true,"t":-128,"s":32767,"i":-5,"l":9007199254740993,"f":0.5,"d":1e100,
  "dec":"1234567890123456789012345678901234.5678","text":"é😀","ts":"2026-07-13T14:15:16.123456Z","day":"2026-02-28",
  "bin":"xyz","list":[{"x":1,"y":["a",null]},null,{"y":[]}],"map":{"k":{"n":1,"m":null},"e":{}},
  "st":{"a":{"b":2.5,"c":[[1,2],[],null]},"e":-1.25}}`

const TYPES = {
  b: 'bool',
  t: 'int8',
  s: 'int16',
  i: 'int32',
  l: 'int64',
  f: 'float',
  d: 'double',
  dec: 'decimal128(38, 4)',
  text: 'string',
  ts: 'timestamp[ns]',
  day: 'date32[day]',
  bin: 'binary',
  list: 'list<array_element: struct<x: int32, y: list<array_element: string>>>',
  map: 'map<string, map<string, int64>>',
  st: 'struct<a: struct<b: double, c: list<array_element: list<array_element: int32>>>, e: decimal128(5, 2)>',
}

const ROW = {
  b: true,
  t: -128,
  s: 32767,
  i: -5,
  // As Python prints it; JSON.parse rounds it, both here and there.
  l: Number('9007199254740993'),
  f: 0.5,
  d: 1e100,
  dec: '1234567890123456789012345678901234.5678',
  text: 'é😀',
  ts: '2026-07-13 14:15:16.123456',
  day: '2026-02-28',
  bin: "b'xyz'",
  list: [{ x: 1, y: ['a', null] }, null, { x: null, y: [] }],
  map: [
    [
      'k',
      [
        ['n', 1],
        ['m', null],
      ],
    ],
    ['e', []],
  ],
  st: { a: { b: 2.5, c: [[1, 2], [], null] }, e: '-1.25' },
}

const NOTHING = Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, null]))

const SERIALIZERS: readonly Partial<Conversion['serializer']>[] = [
  {},
  { writerVersion: 'V2', compression: 'GZIP', usesDictionary: true },
  { writerVersion: 'V2', compression: 'UNCOMPRESSED', pageBytes: 1 },
  { usesDictionary: true, pageBytes: 100, blockBytes: 500 },
]

describe.skipIf(noArrow !== undefined)(titled('pyarrow', noArrow), () => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelet-arrow-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  test.each(SERIALIZERS)('reads a file written with %j', (serializer) => {
    const records = [FULL, '{}', FULL, FULL, '{}']
    const { file, failures } = convertAll(COLUMNS, records, { serializer })
    expect(failures).toEqual([])
    const path = join(directory, 'rows.parquet')
    writeFileSync(path, file)

    const read = JSON.parse(execFileSync(python, ['-c', PROGRAM, path], { encoding: 'utf8' }))
    // Versions of Arrow differ in what they add to the types of maps: `map<string, int64 ('map')>`.
    const types = JSON.parse(JSON.stringify(read.types).replace(/ \('\w+'\)/g, ''))
    expect(types).toEqual(TYPES)
    expect(read.rows).toEqual([ROW, NOTHING, ROW, ROW, NOTHING])
  })
})
