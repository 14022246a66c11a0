import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COLUMNS_MAX } from '../../../src/formats/file-schema.ts'
import { typeText } from '../../../src/formats/inferred-type.ts'
import { DEPTH_MAX, scanJson } from '../../../src/formats/json/scan.ts'
import { jsonSchema } from '../../../src/formats/json/schema.ts'

function columnsOf(text: string, isWhole = true): Record<string, string> | undefined {
  const schema = jsonSchema(scanJson(Buffer.from(text), isWhole))
  return 'reason' in schema
    ? undefined
    : Object.fromEntries(schema.columns.map(({ name, type }) => [name, typeText(type)]))
}

test.each([
  ['0', 'int'],
  ['-2147483648', 'int'],
  ['2147483647', 'int'],
  ['2147483648', 'bigint'],
  ['12345678901', 'bigint'],
  ['9223372036854775807', 'bigint'],
  ['9223372036854775808', 'double'],
  ['1.0', 'double'],
  ['1e3', 'double'],
  ['-0.5E-7', 'double'],
  ['true', 'boolean'],
  ['null', 'string'],
  ['"x"', 'string'],
  ['[]', 'array<string>'],
  ['[1,2.5]', 'array<double>'],
  ['[{"A":1},{"b":"x"}]', 'array<struct<a:int,b:string>>'],
  ['{"Deep":{"er":[true]}}', 'struct<deep:struct<er:array<boolean>>>'],
  ['{}', 'string'],
  ['[1,"x"]', 'array<string>'],
])('the value %s is of type %s', (value, type) => {
  expect(columnsOf(`{"v":${value}}`)).toEqual({ v: type })
})

test.each([
  ['one a line', '{"a":1}\n{"a":2}\n', 2],
  ['a run without anything between', '{"a":1}{"a":2}{"a":3}', 3],
  ['spread over lines', '{\n  "a": 1\n}\n{\n  "a": 2\n}', 2],
  ['with blank lines', '\n\n{"a":1}\n\n\n{"a":2}', 2],
  ['with Windows line ends', '{"a":1}\r\n{"a":2}\r\n', 2],
])('documents %s are all found', (_name, text, count) => {
  expect(scanJson(Buffer.from(text), true)).toMatchObject({ documents: { length: count }, malformed: 0 })
})

test.each([
  ['a record that is not closed', '{"a":1\n{"a":2}\n{"a":3}\n', 2, 1],
  ['a text that is not closed', '{"a":"x\n{"a":"y"}\n', 1, 1],
  ['prose', '{"a":1}\nhello\n{"a":2}\n', 2, 1],
  ['rubbish behind a record', '{"a":1} oops\n{"a":2}\n', 2, 1],
  ['a number as no JSON writes it', '{"a":007}\n{"a":2}\n', 1, 1],
  ['a wrong escape', '{"a":"\\x"}\n{"a":"b"}\n', 1, 1],
  ['a record cut off by the end of the file', '{"a":1}\n{"a":', 1, 1],
])('%s costs its line and no other', (_name, text, documents, malformed) => {
  expect(scanJson(Buffer.from(text), true)).toMatchObject({ documents: { length: documents }, malformed })
})

test('a record cut off by the end of the sample is not malformed', () => {
  const text = '{"a":1}\n{"a":"tex'
  expect(scanJson(Buffer.from(text), false)).toMatchObject({ documents: { length: 1 }, malformed: 0, consumed: 7 })
})

test('names differing in case only are one column, and both stay as paths', () => {
  const schema = jsonSchema(scanJson(Buffer.from('{"Id":1}{"id":2.5}'), true))
  expect(schema).toMatchObject({ paths: ['Id', 'id'] })
  expect(columnsOf('{"Id":1}{"id":2.5}')).toEqual({ id: 'double' })
})

test('columns come in order of appearance over all records', () => {
  expect(Object.keys(columnsOf('{"b":1}\n{"c":1,"a":2}\n{"a":1,"b":3}') ?? {})).toEqual(['b', 'c', 'a'])
})

test('a top-level array is one column named array', () => {
  expect(columnsOf('[{"a":1},{"a":2}]')).toEqual({ array: 'array<struct<a:int>>' })
})

test('more broken lines than documents is not JSON', () => {
  expect(columnsOf('{"a":1}\nx\ny\n')).toBeUndefined()
})

test('names that no column can have are left out, with a note', () => {
  const schema = jsonSchema(scanJson(Buffer.from(`{"a":1,"":2,"${'x'.repeat(256)}":3}`), true))
  expect(schema).toMatchObject({ columns: [{ name: 'a' }], paths: ['a'], notes: [expect.stringMatching(/^2 members/)] })
})

test('names drawn from data are no columns: text inside a record, no table at the top', () => {
  const records = (count: number, make: (key: string) => object) =>
    Array.from({ length: count }, (_, index) => JSON.stringify(make(`key${index}`))).join('\n')
  expect(columnsOf(records(20_000, (key) => ({ counts: { [key]: 1 } })))).toEqual({ counts: 'string' })
  expect(columnsOf(records(COLUMNS_MAX, (key) => ({ [key]: 1 })))).toBeDefined()
  expect(columnsOf(records(COLUMNS_MAX + 1, (key) => ({ [key]: 1 })))).toBeUndefined()
})

test('nesting without end is malformed, not a crash', () => {
  const deep = '['.repeat(DEPTH_MAX * 100)
  expect(scanJson(Buffer.from(`{"a":${deep}\n{"a":1}\n`), true)).toMatchObject({
    documents: { length: 1 },
    malformed: 1,
  })
})

test('whatever JSON.stringify writes is scanned whole, with its own names', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }), (records) => {
      const scan = scanJson(Buffer.from(records.map((record) => JSON.stringify(record)).join('\n')), true)
      expect(scan.malformed).toBe(0)
      expect(
        scan.documents.map((document) => 'members' in document && document.members.map(({ name }) => name)),
      ).toEqual(records.map((record) => Object.keys(record)))
    }),
  )
})

test('any bytes at all are scanned to the end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isWhole) => {
      const scan = scanJson(Buffer.from(bytes), isWhole)
      expect(scan.consumed).toBeLessThanOrEqual(bytes.length)
    }),
  )
})

test('cutting a piece anywhere finds a beginning of the same documents', () => {
  const text = Buffer.from('{"a":[1,2.5,"ü\\n"],"b":{"c":true}}\n{"a":null,"d":-1e5}{"e":"x"}\n')
  const whole = scanJson(text, true).documents
  for (let length = 0; length <= text.length; length++) {
    const scan = scanJson(text.subarray(0, length), false)
    expect(scan.malformed).toBe(0)
    expect(scan.documents).toEqual(whole.slice(0, scan.documents.length))
  }
})
