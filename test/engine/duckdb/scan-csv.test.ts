import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScanFormat } from '../../../src/engine/engine.ts'
import { lazy, openCsv, ScanWorld } from './scan-world.ts'

let world: ScanWorld
beforeAll(async () => {
  world = await ScanWorld.open()
})
afterAll(() => world.close())

const read = (format: ScanFormat, columns: string, content: string) =>
  world.rows({ format, columns, files: [{ name: 'a.csv', content }] })

interface Case {
  readonly claim: string
  readonly columns: string
  readonly lines: string
  readonly rows: readonly (readonly (string | null)[])[]
  readonly format?: Partial<typeof lazy>
}

const regexCases = [
  [
    'columns are groups; a line without a match is NULLs',
    '(\\d+) (.*)',
    false,
    [
      ['1', 'GET /'],
      [null, null],
    ],
  ],
  [
    'whole lines match, whichever alternative is first',
    '(\\d)( |.*)',
    false,
    [
      ['1', ' GET /'],
      [null, null],
    ],
  ],
  [
    'a group that takes no part is NULL',
    '(x)?1 (.*)|x',
    false,
    [
      [null, 'GET /'],
      [null, null],
    ],
  ],
  [
    'missing groups are NULL',
    '(\\d) .*',
    false,
    [
      ['1', null],
      [null, null],
    ],
  ],
  [
    'surplus groups are ignored',
    '(\\d) (G)(.*)',
    false,
    [
      ['1', 'G'],
      [null, null],
    ],
  ],
  [
    'case counts',
    '(\\d) (get) /',
    false,
    [
      [null, null],
      [null, null],
    ],
  ],
  [
    'case is ignored when the table says so',
    '(\\d) (get) /',
    true,
    [
      ['1', 'GET'],
      [null, null],
    ],
  ],
  [
    'flags at its beginning hold',
    '(?i)(\\d) (get) /',
    true,
    [
      ['1', 'GET'],
      [null, null],
    ],
  ],
] as const

test.each(regexCases)('Regex: %s', async (_claim, pattern, ignoreCase, rows) => {
  const format: ScanFormat = { ...lazy, serde: 'regex', regex: { pattern, ignoreCase } }
  expect(await read(format, 'a bigint, b string', '1 GET /\nx\n')).toEqual(rows)
})

const grokCases = [
  [
    'columns are fields by name, in any order',
    '%{WORD:b} %{INT:a}',
    '',
    [
      ['1', 'GET'],
      [null, null],
    ],
  ],
  [
    'own patterns',
    '%{VERB:b} %{INT:a}',
    'VERB [A-Z]+',
    [
      ['1', 'GET'],
      [null, null],
    ],
  ],
  [
    'a reference without a field fills the column of its name',
    '%{B} %{INT:a}',
    'B [A-Z]+',
    [
      ['1', 'GET'],
      [null, null],
    ],
  ],
  [
    'a column without a field is NULL',
    '%{WORD:verb} %{INT:a}',
    '',
    [
      ['1', null],
      [null, null],
    ],
  ],
] as const

test.each(grokCases)('Grok: %s', async (_claim, pattern, customPatterns, rows) => {
  const format: ScanFormat = { ...lazy, serde: 'grok', grok: { pattern, customPatterns } }
  expect(await read(format, 'a bigint, b string', 'GET 1\n?\n')).toEqual(rows)
})

test('a grok pattern that means nothing fails the query', async () => {
  const format: ScanFormat = { ...lazy, serde: 'grok', grok: { pattern: '%{NOTHING:a}', customPatterns: '' } }
  await expect(read(format, 'a string', 'x\n')).rejects.toThrow('NOTHING is not defined')
})

const lazyCases: readonly Case[] = [
  {
    claim: 'fields end at the delimiter; quotes are ordinary characters',
    columns: 'a bigint, b string',
    lines: '1,"x"\n2,y z\n',
    rows: [
      ['1', '"x"'],
      ['2', 'y z'],
    ],
  },
  {
    claim: 'missing fields are NULL, surplus ones are dropped',
    columns: 'a string, b string',
    lines: 'x\nx,y,z\n',
    rows: [
      ['x', null],
      ['x', 'y'],
    ],
  },
  {
    claim: 'an empty field is an empty string, but NULL as a number',
    columns: 'a bigint, b string',
    lines: ',\n',
    rows: [[null, '']],
  },
  {
    claim: 'the null text is NULL',
    columns: 'a bigint, b string',
    lines: '\\N,\\N\n',
    rows: [[null, null]],
  },
  {
    claim: 'another null text',
    columns: 'a string, b string',
    lines: 'NA,x\n',
    rows: [[null, 'x']],
    format: { nullText: 'NA' },
  },
  {
    claim: 'header lines are skipped',
    columns: 'a bigint',
    lines: 'a\n1\n',
    rows: [['1']],
    format: { skipHeaderLines: 1 },
  },
  {
    claim: 'an escaped delimiter belongs to the field',
    columns: 'a string, b string',
    lines: 'x\\,y,z\n',
    rows: [['x,y', 'z']],
    format: { escape: '\\' },
  },
  {
    claim: 'a tab as delimiter',
    columns: 'a string, b string',
    lines: 'x\ty,z\n',
    rows: [['x', 'y,z']],
    format: { fieldDelimiter: '\t' },
  },
  {
    claim: 'types of every kind',
    columns: 'a boolean, b double, c decimal(10,2), d date, e timestamp, f int',
    lines: 'true,1.5,2.25,2024-01-31,2024-01-31 10:20:30.123,7\n',
    rows: [['true', '1.5', '2.25', '2024-01-31', '2024-01-31 10:20:30.123', '7']],
  },
  {
    claim: 'arrays, maps and structs',
    columns: 'a array<int>, b map<string,int>, c struct<x:int,y:string>',
    lines: '1|2,k:1|l:2,5|q\n',
    rows: [['[1, 2]', '{k=1, l=2}', '{x=5, y=q}']],
    format: { collectionDelimiter: '|', mapKeyDelimiter: ':' },
  },
  {
    claim: 'Windows line ends',
    columns: 'a string, b string',
    lines: 'x,y\r\nz,w\r\n',
    rows: [
      ['x', 'y'],
      ['z', 'w'],
    ],
  },
]

test.each(lazyCases)('LazySimple: $claim', async ({ columns, lines, rows, format }) => {
  expect(await read({ ...lazy, ...format }, columns, lines)).toEqual(rows)
})

const openCsvCases: readonly Case[] = [
  {
    claim: 'quoted fields hold delimiters and doubled quotes',
    columns: 'a string, b string',
    lines: '"x, ""y""",z\nplain,"q"\n',
    rows: [
      ['x, "y"', 'z'],
      ['plain', 'q'],
    ],
  },
  { claim: 'an escaped quote', columns: 'a string, b string', lines: '"x\\"y",z\n', rows: [['x"y', 'z']] },
  {
    claim: 'dates are days and timestamps are milliseconds since 1970',
    columns: 'a date, b timestamp',
    lines: '"19753","1706696430123"\n',
    rows: [['2024-01-31', '2024-01-31 10:20:30.123']],
  },
  { claim: 'numbers may be quoted', columns: 'a bigint, b double', lines: '"1","2.5"\n', rows: [['1', '2.5']] },
]

test.each(openCsvCases)('OpenCSV: $claim', async ({ columns, lines, rows }) => {
  expect(await read(openCsv, columns, lines)).toEqual(rows)
})

test.each([
  ['text as a number', lazy, '1\nx\n', `Error parsing field value 'x' for field 0: For input string: "x"`],
  ['an empty number in OpenCSV', openCsv, '""\n', `Error parsing field value '' for field 0: For input string: ""`],
])('%s refuses the query', async (_what, format, content, message) => {
  await expect(read(format, 'a bigint', content)).rejects.toMatchObject({ code: 'HIVE_BAD_DATA', message })
})
