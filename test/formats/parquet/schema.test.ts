import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { typeText } from '../../../src/formats/inferred-type.ts'
import { BadParquet, parquetFileSchema } from '../../../src/formats/parquet/schema.ts'

function file(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'files', name))
}

function schemaOf(bytes: Buffer) {
  return parquetFileSchema(bytes.length, async (length) => bytes.subarray(bytes.length - length))
}

test('every type of a footer becomes its Hive type, names in lower case', async () => {
  const { columns, records } = await schemaOf(file('every-type.parquet'))
  expect(records).toBe(3)
  expect(Object.fromEntries(columns.map(({ name, type }) => [name, typeText(type)]))).toEqual({
    whole: 'int',
    big: 'bigint',
    tiny: 'tinyint',
    small: 'smallint',
    unsigned: 'bigint',
    yes: 'boolean',
    f: 'float',
    d: 'double',
    amount: 'decimal(10,2)',
    large_amount: 'decimal(30,2)',
    text: 'string',
    bytes: 'binary',
    day: 'date',
    at: 'timestamp',
    at_zone: 'timestamp',
    numbers: 'array<int>',
    counts: 'map<string,bigint>',
    nested: 'struct<a:int,inner:struct<b:array<string>>>',
    records: 'array<struct<k:string>>',
  })
})

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['cut short', (bytes) => bytes.subarray(0, bytes.length - 5)],
  ['nothing but the signature', () => Buffer.from('PAR1')],
  [
    'a footer said to be longer than the file',
    (bytes) => damaged(bytes, (copy) => copy.writeUInt32LE(0x7fffffff, copy.length - 8)),
  ],
  ['a footer overwritten', (bytes) => damaged(bytes, (copy) => copy.fill(0xff, copy.length - 200, copy.length - 8))],
])('%s is refused as bad Parquet', async (_name, damage) => {
  await expect(schemaOf(damage(file('snappy.parquet')))).rejects.toThrow(BadParquet)
})

function damaged(bytes: Buffer, damage: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes)
  damage(copy)
  return copy
}
