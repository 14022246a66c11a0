import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openx, ScanWorld, type TestTable } from './scan-world.ts'

let world: ScanWorld
beforeAll(async () => {
  world = await ScanWorld.open()
})
afterAll(() => world.close())

const table = (columns: string, content: string, format: Partial<typeof openx> = {}): TestTable => ({
  format: { ...openx, ...format },
  columns,
  files: [{ name: 'a.json', content }],
})

interface Case {
  readonly claim: string
  readonly columns: string
  readonly lines: string
  readonly rows: readonly (readonly (string | null)[])[]
  readonly format?: Partial<typeof openx>
}

const cases: readonly Case[] = [
  { claim: 'plain lines', columns: 'a bigint, b string', lines: '{"a":1,"b":"x"}\n', rows: [['1', 'x']] },
  { claim: 'a last line without newline', columns: 'a bigint', lines: '{"a":1}\n{"a":2}', rows: [['1'], ['2']] },
  { claim: 'Windows line ends', columns: 'a bigint', lines: '{"a":1}\r\n{"a":2}\r\n', rows: [['1'], ['2']] },
  { claim: 'a missing key is NULL', columns: 'a bigint, b string', lines: '{"a":1}\n', rows: [['1', null]] },
  { claim: 'JSON null is NULL', columns: 'a bigint, b string', lines: '{"a":null,"b":null}\n', rows: [[null, null]] },
  { claim: 'keys match in any case', columns: 'userid string', lines: '{"UserId":"u"}\n', rows: [['u']] },
  {
    claim: 'one key in two cases on different lines',
    columns: 'id bigint',
    lines: '{"id":1}\n{"ID":2}\n{"Id":3}\n',
    rows: [['1'], ['2'], ['3']],
  },
  {
    claim: 'keys in any case inside structs',
    columns: 's struct<first:string,second:int>',
    lines: '{"S":{"First":"x","SECOND":2}}\n',
    rows: [['{first=x, second=2}']],
  },
  {
    claim: 'struct keys in two cases on different lines',
    columns: 's struct<a:int>',
    lines: '{"s":{"a":1}}\n{"s":{"A":2}}\n{"s":null}\n',
    rows: [['{a=1}'], ['{a=2}'], [null]],
  },
  {
    claim: 'arrays of structs',
    columns: 'l array<struct<k:string,v:double>>',
    lines: '{"l":[{"K":"a","v":1},{"K":"b"}]}\n{"l":[]}\n',
    rows: [['[{k=a, v=1.0}, {k=b, v=null}]'], ['[]']],
  },
  {
    claim: 'maps keep the case of their keys',
    columns: 'm map<string,int>',
    lines: '{"m":{"B":2,"a":1}}\n',
    rows: [['{B=2, a=1}']],
  },
  {
    claim: 'objects, arrays, numbers and booleans into string columns are their text',
    columns: 'a string, b string, c string, d string',
    lines: '{"a":{"k":1},"b":[1,2],"c":1.5,"d":true}\n',
    rows: [['{"k":1}', '[1,2]', '1.5', 'true']],
  },
  {
    claim: 'text and fractions into whole numbers: a fraction is cut off',
    columns: 'a bigint, b int, c smallint, d tinyint',
    lines: '{"a":"12","b":1.9,"c":-1.9,"d":7}\n',
    rows: [['12', '1', '-1', '7']],
  },
  {
    claim: 'only true is true',
    columns: 'a boolean',
    lines: '{"a":true}\n{"a":"TRUE"}\n{"a":1}\n{"a":"yes"}\n{"a":false}\n',
    rows: [['true'], ['true'], ['false'], ['false'], ['false']],
  },
  {
    claim: 'doubles and decimals from numbers and text',
    columns: 'a double, b decimal(10,2), c float',
    lines: '{"a":1,"b":"1.5","c":2.5}\n{"a":"1e3","b":2,"c":"3"}\n',
    rows: [
      ['1.0', '1.50', '2.5'],
      ['1000.0', '2.00', '3.0'],
    ],
  },
  {
    claim: 'timestamps as text, ISO, with offset, in seconds and in milliseconds',
    columns: 't timestamp',
    lines: [
      '{"t":"2024-01-31 10:20:30.5"}',
      '{"t":"2024-01-31T10:20:30Z"}',
      '{"t":"2024-01-31T10:20:30+02:00"}',
      '{"t":1706696430}',
      '{"t":1706696430123}',
      '{"t":1706696430.5}',
    ].join('\n'),
    rows: [
      ['2024-01-31 10:20:30.500'],
      ['2024-01-31 10:20:30.000'],
      ['2024-01-31 08:20:30.000'],
      ['2024-01-31 10:20:30.000'],
      ['2024-01-31 10:20:30.123'],
      ['2024-01-31 10:20:30.500'],
    ],
  },
  { claim: 'dates', columns: 'd date', lines: '{"d":"2024-02-29"}\n', rows: [['2024-02-29']] },
  {
    claim: 'varchar(n) and char(n) are cut to length',
    columns: 'a varchar(2), b char(3)',
    lines: '{"a":"xyz","b":"q"}\n',
    rows: [['xy', 'q  ']],
  },
  {
    claim: 'of several records on one line the first counts',
    columns: 'a bigint',
    lines: '{"a":1}{"a":2}\n{"a":3}\n',
    rows: [['1'], ['3']],
  },
  {
    claim: 'a line that does not begin like a record is a row of NULLs',
    columns: 'a bigint',
    lines: 'nonsense\n\n{"a":3}\n',
    rows: [[null], [null], ['3']],
  },
  {
    claim: 'a malformed line is a row of NULLs when malformed lines are ignored',
    columns: 'a bigint, b string',
    lines: '{"a":1,\n{"a":2,"b":"x"}\n',
    rows: [
      [null, null],
      ['2', 'x'],
    ],
    format: { ignoreMalformed: true },
  },
  {
    claim: 'lenient writing: bare words, single quotes',
    columns: 'a bigint, b string',
    lines: "{a:1, 'b'='x'}\n",
    rows: [['1', 'x']],
  },
  {
    claim: 'a mapped key',
    columns: 'ts string, b bigint',
    lines: '{"timestamp":"now","b":1}\n',
    rows: [['now', '1']],
    format: { mapping: { ts: 'timestamp' } },
  },
  {
    claim: 'dots in keys stand for underscores when told so',
    columns: 'a_b bigint',
    lines: '{"a.b":1}\n',
    rows: [['1']],
    format: { dotsInKeys: true },
  },
  {
    claim: 'a case that matters',
    columns: 'a bigint',
    lines: '{"A":1}\n{"a":2}\n',
    rows: [[null], ['2']],
    format: { caseInsensitive: false },
  },
  { claim: 'an empty file has no rows', columns: 'a bigint', lines: '', rows: [] },
  { claim: 'an empty object', columns: 'a bigint', lines: '{}\n{"a":1}\n', rows: [[null], ['1']] },
  {
    claim: 'text beyond ASCII, quotes and newlines in values',
    columns: 'a string',
    lines: '{"a":"ü 😀 \\" \\n \\u0041"}\n',
    rows: [['ü 😀 " \n A']],
  },
]

test.each(cases)('OpenX JSON: $claim', async ({ columns, lines, rows, format }) => {
  expect(await world.rows(table(columns, lines, format))).toEqual(rows)
})

test.each([
  ['a malformed line', '{"a":1}\n{"a":\n', 'HIVE_CURSOR_ERROR', /^Row is not a valid JSON Object - JSONException: /],
  ['a key twice', '{"a":1,"a":2}\n', 'HIVE_CURSOR_ERROR', /JSONException: Duplicate key "a"/],
  ['a key twice in two cases', '{"a":1,"A":2}\n', 'HIVE_CURSOR_ERROR', /JSONException: Duplicate key "a"/],
  ['an array instead of a record', '[1]\n', 'HIVE_CURSOR_ERROR', /^Row is not a valid JSON Object/],
  [
    'text where a number should be',
    '{"a":"x"}\n',
    'HIVE_BAD_DATA',
    /^Error parsing field value 'x' for field 0: For input string: "x"$/,
  ],
  ['a number too large for its column', '{"a":99999999999999999999}\n', 'HIVE_BAD_DATA', /^Error parsing field value/],
])('OpenX JSON refuses %s', async (_what, content, code, message) => {
  await expect(world.rows(table('a bigint', content))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  })
})

test('gzip files are known by their name and read through', async () => {
  const content = gzipSync('{"a":1}\n{"a":2}\n')
  const rows = await world.rows({ format: openx, columns: 'a bigint', files: [{ name: 'x.json.gz', content }] })
  expect(rows).toEqual([['1'], ['2']])
})

test.each([
  ['cut short', (whole: Buffer) => whole.subarray(0, whole.byteLength - 20)],
  ['damaged', (whole: Buffer) => Buffer.concat([whole.subarray(0, 40), Buffer.alloc(30, 7), whole.subarray(70)])],
  ['not gzip at all', () => Buffer.from('{"a":1}\n')],
])('a gzip file that is %s refuses the query and names the object', async (_how, spoil) => {
  const lines = Array.from({ length: 500 }, (_, index) => `{"a":${index},"b":"${index * 7919}"}\n`).join('')
  const content = spoil(gzipSync(lines))
  const spoilt = { format: openx, columns: 'a bigint', files: [{ name: 'bad.json.gz', content }] }
  await expect(world.rows(spoilt)).rejects.toMatchObject({
    code: 'HIVE_CURSOR_ERROR',
    message: expect.stringContaining('s3://lake/bad.json.gz'),
  })
})

test('files with different spelling, compression and partition are one relation', async () => {
  const rows = await world.rows({
    format: openx,
    columns: 'id bigint, name string',
    partitionColumns: 'dt date, n int',
    files: [
      { name: 'a.json', content: '{"id":1,"name":"x"}\n', partition: ['2024-01-01', '7'] },
      { name: 'b.json.gz', content: gzipSync('{"ID":2,"Name":"y"}\n'), partition: ['2024-01-02', null] },
      { name: 'c.json', content: '{"id":3}{"id":4}\n', partition: [null, '8'] },
    ],
  })
  expect(rows.sort()).toEqual([
    ['1', 'x', '2024-01-01', '7'],
    ['2', 'y', '2024-01-02', null],
    ['3', null, null, '8'],
  ])
})

test('$partition names the partition as its folder does', async () => {
  const table = {
    format: openx,
    columns: 'id bigint',
    partitionColumns: 'dt date, n int',
    files: [
      { name: 'a.json', content: '{"id":1}\n', partition: ['2024-01-01', '7'] },
      { name: 'b.json', content: '{"id":2}\n', partition: ['2024-01-02', null] },
    ],
  }
  expect((await world.rows(table, ['id', '$partition'])).sort()).toEqual([
    ['1', 'dt=2024-01-01/n=7'],
    ['2', 'dt=2024-01-02/n=__HIVE_DEFAULT_PARTITION__'],
  ])
})

test('a partition value that is none of its type refuses the query', async () => {
  const bad = {
    format: openx,
    columns: 'id bigint',
    partitionColumns: 'n int',
    files: [{ name: 'a.json', content: '{"id":1}\n', partition: ['x'] }],
  }
  await expect(world.rows(bad)).rejects.toMatchObject({ code: 'HIVE_INVALID_PARTITION_VALUE' })
})

test('hidden columns tell the object, its size and when it was written', async () => {
  const rows = await world.rows(table('a bigint', '{"a":1}\n'), ['$path', '$file_size', '$file_modified_time'])
  expect(rows).toEqual([['s3://lake/a.json', '8', '2026-01-02 00:00:00.000 UTC']])
})

test('a table without files has no rows, and its columns have types', async () => {
  expect(await world.rows({ format: openx, columns: 'a bigint, s struct<x:int>', files: [] })).toEqual([])
})

test('count(*) needs no column', async () => {
  expect(await world.rows(table('a bigint', '{"a":1}\n{"a":2}\n'), [])).toHaveLength(2)
})

test('a compression that cannot be read is refused by name', async () => {
  const packed = { format: openx, columns: 'a bigint', files: [{ name: 'x.json.bz2', content: 'BZh' }] }
  await expect(world.rows(packed)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
})

test('a file is surveyed once', async () => {
  const same = table('a bigint', '{"a":41}\n')
  await world.rows(same)
  const before = world.surveyed
  await world.rows(same)
  expect(world.surveyed).toBe(before + 1)
})
