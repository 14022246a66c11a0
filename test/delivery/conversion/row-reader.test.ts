import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Conversion } from '../../../src/delivery/destination.ts'
import { anyTable, asHyparquet, asJson } from '../../formats/parquet/write/any-table.ts'
import { type Columns, convertAll, hive, openX, readRows } from './conversion-world.ts'

type Deserializer = Conversion['deserializer']

const with_ = (options: Partial<Extract<Deserializer, { kind: 'openx' }>>): Deserializer => ({
  ...(openX as Extract<Deserializer, { kind: 'openx' }>),
  ...options,
})

async function rowsOf(columns: Columns, record: string | Uint8Array, deserializer: Deserializer = openX) {
  const { file, failures } = convertAll(columns, [record], { deserializer })
  expect(failures).toEqual([])
  return readRows(file)
}

interface Reading {
  readonly claim: string
  readonly columns: Columns
  readonly record: string
  readonly deserializer?: Deserializer
  readonly rows: readonly unknown[]
}

const READINGS: readonly Reading[] = [
  {
    claim: 'documents behind each other need no delimiter',
    columns: { a: 'int' },
    record: '{"a":1}{"a":2} \r\n\t{"a":3}\n',
    rows: [{ a: 1 }, { a: 2 }, { a: 3 }],
  },
  {
    claim: 'missing keys are null, extra keys are dropped whatever they hold',
    columns: { a: 'int', b: 'string' },
    record: '{"x":{"a":[1,{"a":2}],"s":"}{"},"a":1,"y":[[]],"z":-1.5e-3}{}',
    rows: [
      { a: 1, b: null },
      { a: null, b: null },
    ],
  },
  {
    claim: 'keys match without regard to case at every depth',
    columns: { useridentity: 'struct<username:string>' },
    record: '{"userIdentity":{"UserName":"ann"}}',
    rows: [{ useridentity: { username: 'ann' } }],
  },
  {
    claim: 'with CaseInsensitive off a key of another case is another key',
    columns: { a: 'int', b: 'struct<c:int>' },
    record: '{"A":1,"a":2,"b":{"C":3}}',
    deserializer: with_({ isCaseInsensitive: false }),
    rows: [{ a: 2, b: { c: null } }],
  },
  {
    claim: 'Hive matches keys without regard to case',
    columns: { a: 'int' },
    record: '{"A":1}',
    deserializer: hive(),
    rows: [{ a: 1 }],
  },
  {
    claim: 'a mapped column takes the mapped key and no longer its own',
    columns: { ts: 'int', n: 'struct<ts:int>' },
    record: '{"ts":1,"Timestamp":2,"n":{"timestamp":3}}',
    deserializer: with_({ keyOfColumn: { ts: 'timestamp' } }),
    rows: [{ ts: 2, n: { ts: 3 } }],
  },
  {
    claim: 'dots in keys become underscores, but the very name wins',
    columns: { a_b: 'int', c_d: 'int' },
    record: '{"a.b":1,"c_d":2,"c.d":3}{"c.d":4,"c_d":5}',
    deserializer: with_({ convertsDots: true }),
    rows: [
      { a_b: 1, c_d: 2 },
      { a_b: null, c_d: 5 },
    ],
  },
  {
    claim: 'dots stay dots unless asked for',
    columns: { a_b: 'int' },
    record: '{"a.b":1}',
    rows: [{ a_b: null }],
  },
  {
    claim: 'of a key that is there twice the last value counts, nested or not',
    columns: { a: 'int', l: 'array<struct<x:int,y:string>>', s: 'string' },
    record: '{"a":1,"l":[{"x":1},{"x":2,"x":3}],"a":2,"s":"one","l":[{"y":"z"}],"s":null}',
    rows: [{ a: 2, l: [{ x: null, y: 'z' }], s: null }],
  },
  {
    claim: 'keys may be written with escapes',
    columns: { ab: 'int' },
    record: '{"\\u0061b":1}{"ab":2}',
    rows: [{ ab: 1 }, { ab: 2 }],
  },
  {
    claim: 'lists and maps are null, empty, or hold nulls',
    columns: { l: 'array<int>', m: 'map<string,array<int>>' },
    record: '{"l":null,"m":null}{"l":[],"m":{}}{"l":[null,1],"m":{"a":null,"b":[],"c":[1,null]}}',
    rows: [
      { l: null, m: null },
      { l: [], m: {} },
      { l: [null, 1], m: { a: null, b: [], c: [1, null] } },
    ],
  },
  {
    claim: 'keys of maps come in lower case and once',
    columns: { m: 'map<string,int>' },
    record: '{"m":{"A":1,"b":2,"a":3}}',
    rows: [{ m: { a: 3, b: 2 } }],
  },
  {
    claim: 'keys of maps may be many, long, escaped and not of ASCII, and come again',
    columns: { x: 'string', m: 'map<string,map<string,int>>' },
    record:
      '{"m":{"É":{"a":1},"é":{"b":2,"B":3},"\\u00e9x":{}}}' +
      `{"m":{${Array.from({ length: 40 }, (_, index) => `"k${index % 20}":{"v":${index}}`).join(',')}}}`,
    rows: [
      { x: null, m: { é: { b: 3 }, éx: {} } },
      { x: null, m: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, { v: index + 20 }])) },
    ],
  },
  {
    claim: 'Hive leaves keys of maps as they are',
    columns: { m: 'map<string,int>' },
    record: '{"m":{"A":1,"a":3}}',
    deserializer: hive(),
    rows: [{ m: { A: 1, a: 3 } }],
  },
  {
    claim: 'keys of maps may be numbers',
    columns: { m: 'map<int,string>' },
    record: '{"m":{"1":"a","01":"b","-2":"c"}}',
    deserializer: hive(),
    rows: [{ m: { 1: 'b', '-2': 'c' } }],
  },
  {
    claim: 'lengths of text count in lists, structs and maps too, whatever columns are called',
    columns: { 'a.b': 'string', a: 'struct<b:varchar(2)>', l: 'array<char(1)>', m: 'map<varchar(1),varchar(2)>' },
    record: '{"a.b":"long","a":{"b":"long"},"l":["xy"],"m":{"ab":"one","ac":"two"}}',
    rows: [{ 'a.b': 'long', a: { b: 'lo' }, l: ['x'], m: { a: 'tw' } }],
  },
  {
    claim: 'OpenX wraps what is no list, fills structs by position, and takes a blank text for nothing',
    columns: { l: 'array<int>', s: 'struct<x:int,y:string,z:int>', e: 'array<string>', b: 'struct<x:int>' },
    record: '{"l":7,"s":[1,"two"],"e":"","b":"  "}{"l":"8","s":[1,2,3,4],"e":"x","b":[]}',
    rows: [
      { l: [7], s: { x: 1, y: 'two', z: null }, e: null, b: null },
      { l: [8], s: { x: 1, y: '2', z: 3 }, e: ['x'], b: { x: null } },
    ],
  },
  {
    claim: 'a mark at the beginning of the record is no part of it',
    columns: { a: 'int' },
    record: '\ufeff{"a":1}',
    rows: [{ a: 1 }],
  },
  {
    claim: 'a column may have the name of a property of every object',
    columns: { constructor: 'int', __proto__x: 'string' },
    record: '{"constructor":1,"toString":2}',
    rows: [{ constructor: 1, __proto__x: null }],
  },
]

test.each(READINGS)('$claim', async ({ columns, record, deserializer, rows }) => {
  expect(await rowsOf(columns, record, deserializer)).toEqual(rows)
})

const PARSE = 'DataFormatConversion.ParseError'
const MALFORMED = 'DataFormatConversion.MalformedData'

const POISON: readonly (readonly [record: string | Uint8Array, code: string, message: string])[] = [
  ['', PARSE, 'Encountered malformed JSON. No content to map due to end-of-input'],
  [' \n', PARSE, 'Encountered malformed JSON. No content to map due to end-of-input'],
  ['hello world', PARSE, "Encountered malformed JSON. Unrecognized token 'hello': was expecting"],
  ['{"a":1', PARSE, 'Encountered malformed JSON. Unexpected end-of-input'],
  ['{"a":', PARSE, 'Encountered malformed JSON. Unexpected end-of-input'],
  ['{"a":"', PARSE, 'Encountered malformed JSON. Unexpected end-of-input in VALUE_STRING'],
  ['{"a":"\\', PARSE, 'Encountered malformed JSON. Unexpected end-of-input in VALUE_STRING'],
  ['{"a":1}}', PARSE, "Encountered malformed JSON. Unexpected character ('}' (code 125))"],
  ['{"a":1}{"a":', PARSE, 'Encountered malformed JSON. Unexpected end-of-input'],
  ['{"a":1 "b":2}', PARSE, "Encountered malformed JSON. Unexpected character ('\"' (code 34)): was expecting comma"],
  ['{"a":1,}', PARSE, "Encountered malformed JSON. Unexpected character ('}' (code 125)): was expecting double-quote"],
  ["{'a':1}", PARSE, "Encountered malformed JSON. Unexpected character (''' (code 39)): was expecting double-quote"],
  ['{"a":01}', PARSE, 'Encountered malformed JSON. Invalid numeric value: Leading zeroes not allowed'],
  ['{"a":1.}', PARSE, "Encountered malformed JSON. Unexpected character ('}' (code 125)): Decimal point not followed"],
  ['{"a":NaN}', PARSE, "Encountered malformed JSON. Unrecognized token 'NaN'"],
  ['{"a":nullx}', PARSE, "Encountered malformed JSON. Unrecognized token 'nullx'"],
  [`{"a":${'9'.repeat(1001)}}`, PARSE, 'Encountered malformed JSON. Number value length (1001) exceeds'],
  ['{"b":"\n"}', PARSE, 'Encountered malformed JSON. Illegal unquoted character ((CTRL-CHAR, code 10))'],
  ['{"b":"\\x"}', PARSE, "Encountered malformed JSON. Unrecognized character escape 'x'"],
  ['\x1f\x08', PARSE, 'Encountered malformed JSON. Illegal character ((CTRL-CHAR, code 31))'],
  [Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), PARSE, 'Encountered malformed JSON. Invalid UTF-8'],
  [`{"x":${'['.repeat(200_000)}`, PARSE, 'Encountered malformed JSON. Document nesting depth (1001) exceeds'],
  [`{"l":${'['.repeat(200_000)}`, PARSE, 'Encountered malformed JSON. Document nesting depth (1001) exceeds'],
  ['[{"a":1}]', MALFORMED, 'Data does not match the schema. A JSON object is required.'],
  ['1', MALFORMED, 'Data does not match the schema. A JSON object is required.'],
  ['{"s":1}', MALFORMED, 'Data does not match the schema. Data is not JSONObject with value 1'],
]

const titled = POISON.map(
  ([record, ...rest]) =>
    [JSON.stringify(Buffer.from(record).toString('latin1').slice(0, 40)), record, ...rest] as const,
)

test.each(titled)('%s is bad and leaves nothing behind', async (_, record, code, message) => {
  const columns = { a: 'int', b: 'string', l: 'array<string>', s: 'struct<x:int>' }
  const { file, failures } = convertAll(columns, ['{"a":1,"l":["x"]}', record, '{"a":2,"b":"y"}'])

  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatchObject({ index: 1, code })
  expect(failures[0]?.message).toContain(message)
  expect(await readRows(file)).toEqual([
    { a: 1, b: null, l: ['x'], s: null },
    { a: 2, b: 'y', l: null, s: null },
  ])
})

test('a bad document takes back the good ones of its record', async () => {
  const { rows, failures } = convertAll({ a: 'int' }, ['{"a":1}{"a":"x"}'])
  expect(rows).toBe(0)
  expect(failures).toMatchObject([{ index: 0, code: MALFORMED }])
})

test('records of many shapes do not fill the memory of keys', async () => {
  const records = Array.from({ length: 5000 }, (_, index) => `{"k${index}":1,"a":${index}}`)
  const { rows, failures } = convertAll({ a: 'int' }, records)
  expect([rows, failures.length]).toEqual([5000, 0])
})

/** Documents with a character changed, left out or put in: most are no JSON any more, some are. */
const damaged = fc
  .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(1), fc.constantFrom(...'{}[]",:0-.eE\\ntu \n\u0001é', ''))
  .map(([json, at, left, by]) => {
    const text = `{"a":${json}}`
    const from = at % text.length
    return text.slice(0, from) + by + text.slice(from + left)
  })

function isObject(text: string): boolean {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

test('what is JSON and what is not is as the runtime has it', () => {
  fc.assert(
    fc.property(damaged, (text) => {
      // A string column takes any value. More than one document is no JSON for the runtime.
      const { rows } = convertAll({ a: 'string' }, [text])
      if (rows < 2) expect([text, rows === 1]).toEqual([text, isObject(text)])
    }),
    { numRuns: 1000 },
  )
})

test('whatever comes between them, the good records are whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyTable,
      fc.array(
        fc.oneof(
          damaged,
          fc.jsonValue().map((value) => `{"c0":${JSON.stringify(value)}}`),
        ),
        { maxLength: 10 },
      ),
      async ({ columns, rows }, others) => {
        const marked = { mark: 'int', ...columns }
        const good = rows.map((row) => asJson(row).replace('{', '{"mark":1,'))
        const between = good.flatMap((text, index) => [others[index] ?? '', text])
        const { file, failures } = convertAll(marked, between)

        expect(failures.filter(({ index }) => index % 2 === 1)).toEqual([])
        const read = (await readRows(file)).filter(({ mark }) => mark === 1)
        expect(read.map((row) => asHyparquet(row, columns))).toEqual(rows)
      },
    ),
    { numRuns: 50 },
  )
})
