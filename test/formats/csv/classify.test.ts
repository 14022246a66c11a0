import { expect, test } from 'vitest'
import type { CsvClassifier } from '../../../src/formats/classifier.ts'
import { columnsOf, reasonOf, schemaOf } from '../classified.ts'

const custom = (options: Partial<CsvClassifier>): CsvClassifier => ({
  kind: 'csv',
  name: 'mine',
  containsHeader: 'UNKNOWN',
  disableValueTrimming: false,
  allowSingleColumn: false,
  serde: 'None',
  ...options,
})

test.each<[string, string, Partial<CsvClassifier>, string[], number]>([
  ['a delimiter of its own', 'a:b\nx:1\n', { delimiter: ':' }, ['a string', 'b bigint'], 1],
  ['a header where AWS would see none', 'a,b\nx,y\n', { containsHeader: 'PRESENT' }, ['a string', 'b string'], 1],
  ['nothing but a header', 'a,b\n', { containsHeader: 'PRESENT' }, ['a string', 'b string'], 0],
  ['no header where AWS would see one', 'a,b\nx,1\n', { containsHeader: 'ABSENT' }, ['col0 string', 'col1 string'], 2],
  ['one row without a header', 'x,1\n', { containsHeader: 'ABSENT' }, ['col0 string', 'col1 bigint'], 1],
  [
    'names in place of the header',
    'a,b\nx,1\n',
    { containsHeader: 'PRESENT', header: ['Name', 'Age'] },
    ['name string', 'age bigint'],
    1,
  ],
  [
    'names where there is no header',
    'x,1\n',
    { containsHeader: 'ABSENT', header: ['name', 'age'] },
    ['name string', 'age bigint'],
    1,
  ],
  ['names that stand in the file', 'Name,City\nx,y\n', { header: ['name', 'city'] }, ['name string', 'city string'], 1],
  ['a single column', 'a\n1\n2\n', { allowSingleColumn: true, containsHeader: 'PRESENT' }, ['a bigint'], 2],
  ['values with blanks around, trimmed', 'a,b\nx, 1 \n', { delimiter: ',' }, ['a string', 'b bigint'], 1],
  [
    'values with blanks around, not trimmed',
    'a,b\nx, 1 \n',
    { disableValueTrimming: true, containsHeader: 'PRESENT' },
    ['a string', 'b string'],
    1,
  ],
  [
    'types given by hand',
    'a,b,c\nx,1,2\n',
    { containsHeader: 'PRESENT', customDatatypes: ['STRING', 'LONG', 'decimal'] },
    ['a string', 'b bigint', 'c decimal'],
    1,
  ],
  ['another quote', "a,b\n'x,y',1\n", { quoteSymbol: "'" }, ['a string', 'b bigint'], 1],
  [
    'quoted numbers, for a SerDe that takes quotes off',
    'a,b\nx,"1"\n',
    { quoteSymbol: '"', serde: 'OpenCSVSerDe' },
    ['a string', 'b bigint'],
    1,
  ],
  [
    'quoted numbers, for such a SerDe and its own quote',
    'a,b\nx,"1"\n',
    { serde: 'OpenCSVSerDe' },
    ['a string', 'b bigint'],
    1,
  ],
  [
    'quoted numbers, for one that does not',
    'a,b\nx,"1"\n',
    { quoteSymbol: '"', serde: 'LazySimpleSerDe', containsHeader: 'PRESENT' },
    ['a string', 'b string'],
    1,
  ],
])('%s', async (_name, text, options, columns, records) => {
  const schema = await schemaOf(text, custom(options))
  expect(columnsOf(schema)).toEqual(columns)
  expect(schema).toMatchObject({ records, classification: 'csv', classifier: { name: 'mine', certainty: 1 } })
})

test.each<[Partial<CsvClassifier>, string, string]>([
  [{}, 'a,b\nx,1\n', 'LazySimpleSerDe'],
  [{}, 'a,b\n"x",1\n', 'LazySimpleSerDe'],
  [{ quoteSymbol: '"' }, 'a,b\nx,1\n', 'LazySimpleSerDe'],
  [{ quoteSymbol: '"' }, 'a,b\n"x",1\n', 'OpenCSVSerDe'],
  [{ serde: 'OpenCSVSerDe' }, 'a,b\nx,1\n', 'OpenCSVSerDe'],
  [{ serde: 'LazySimpleSerDe', quoteSymbol: '"' }, 'a,b\n"x",1\n', 'LazySimpleSerDe'],
])('the SerDe for %j and %j is %s', async (options, text, serde) => {
  expect((await schemaOf(text, custom(options))).layout).toMatchObject({ serde })
})

test.each<[string, Partial<CsvClassifier>, RegExp]>([
  ['as many names as columns', { header: ['a', 'b', 'c'] }, /mine: it has 2 columns and the classifier gives 3 names/],
  ['as many types as columns', { customDatatypes: ['INT'] }, /mine: it has 2 columns and the classifier gives 1 types/],
])('a file without %s is not what the classifier means', async (_name, options, reason) => {
  // A line that JSON could begin with keeps the built-in classifier from taking it.
  expect(await reasonOf('[x,1\n[y,2\n', custom(options))).toMatch(reason)
})

test('built-in, quoted cells are noted, because the SerDe keeps the quotes', async () => {
  expect((await schemaOf('a,b\n"x",1\n')).notes).toEqual([expect.stringMatching(/keeps the quotes/)])
})

test('a column of numbers and text is text, and is noted', async () => {
  expect((await schemaOf('a,b\nx,1\ny,n/a\n')).notes).toEqual([
    'b holds bigint and string in different places: it is given as string',
  ])
})

test('ragged rows make it less certain', async () => {
  expect((await schemaOf(`${'x,1\n'.repeat(9)}x\n`)).classifier).toEqual({ name: 'csv', certainty: 0.9 })
})

test('a row of ten thousand cells is a table, one cell more is not', async () => {
  const rows = (cells: number) => `${'x,'.repeat(cells - 1)}1\n`.repeat(2)
  expect((await schemaOf(rows(10_000))).columns).toHaveLength(10_000)
  expect(await reasonOf(rows(10_001))).toMatch(/csv: it has 10001 columns/)
})
