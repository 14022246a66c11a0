import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvRows } from '../../../src/formats/csv/rows.ts'
import { csvSchema, RECORDS_MAX } from '../../../src/formats/csv/schema.ts'
import { typeText } from '../../../src/formats/inferred-type.ts'

/** undefined: the text is not delimited. */
function read(text: string, isWhole = true) {
  const schema = csvSchema(text, isWhole)
  return 'reason' in schema ? undefined : schema
}

function described(text: string) {
  const schema = read(text)
  return (
    schema && {
      delimiter: schema.delimiter,
      hasHeader: schema.hasHeader,
      columns: schema.columns.map(({ name, type }) => `${name} ${typeText(type)}`),
    }
  )
}

test.each<[string, string, ReturnType<typeof described>]>([
  [
    'commas and a header',
    'id,City\n1,Oslo\n2,Rome\n',
    { delimiter: ',', hasHeader: true, columns: ['id bigint', 'city string'] },
  ],
  [
    'no header when the first row has a number',
    '1,a\n2,b\n',
    { delimiter: ',', hasHeader: false, columns: ['col0 bigint', 'col1 string'] },
  ],
  [
    'no header when all is text',
    'a,b\nc,d\n',
    { delimiter: ',', hasHeader: false, columns: ['col0 string', 'col1 string'] },
  ],
  ['pipes', 'a|b\nx|1\n', { delimiter: '|', hasHeader: true, columns: ['a string', 'b bigint'] }],
  ['tabs', 'a\tb\nx\t1.5\n', { delimiter: '\t', hasHeader: true, columns: ['a string', 'b double'] }],
  [
    'semicolons with decimal commas inside',
    'a;b\nx;1,5\ny;2\n',
    { delimiter: ';', hasHeader: true, columns: ['a string', 'b string'] },
  ],
  [
    'Hive’s own delimiter',
    'x\u00011\ny\u00012\n',
    { delimiter: '\u0001', hasHeader: false, columns: ['col0 string', 'col1 bigint'] },
  ],
  [
    'whole numbers are bigint, never int',
    'n,m\n1,x\n',
    { delimiter: ',', hasHeader: true, columns: ['n bigint', 'm string'] },
  ],
  [
    'dates and booleans stay text',
    'd,b,n\n2020-01-01,true,1\n',
    { delimiter: ',', hasHeader: true, columns: ['d string', 'b string', 'n bigint'] },
  ],
  [
    'blanks and slashes in names',
    'Alpha-2 code,Province/State,N\na,b,1\n',
    { delimiter: ',', hasHeader: true, columns: ['alpha-2 code string', 'province/state string', 'n bigint'] },
  ],
  [
    'a trailing delimiter',
    'a,b,\n1,x,\n',
    { delimiter: ',', hasHeader: true, columns: ['a bigint', 'b string', 'col2 string'] },
  ],
  [
    'a delimiter within quotes',
    'a,b\n"x,y",1\n"z",2\n',
    { delimiter: ',', hasHeader: true, columns: ['a string', 'b bigint'] },
  ],
  [
    'quoted numbers, which the SerDe could not read as numbers',
    'a,b\n"1",1\n"2",2\n',
    { delimiter: ',', hasHeader: true, columns: ['a string', 'b bigint'] },
  ],
  ['an empty cell', 'a,b\n,1\nx,\n', { delimiter: ',', hasHeader: true, columns: ['a string', 'b bigint'] }],
  [
    'a repeated name',
    'a,a,n\nx,y,1\n',
    { delimiter: ',', hasHeader: true, columns: ['a string', 'a_1 string', 'n bigint'] },
  ],
  [
    'whole numbers beside fractions',
    'n,x\n1,a\n2.5,b\n',
    { delimiter: ',', hasHeader: true, columns: ['n double', 'x string'] },
  ],
  [
    'a number beyond 64 bits',
    'n,x\n99999999999999999999,1\n',
    { delimiter: ',', hasHeader: true, columns: ['n string', 'x bigint'] },
  ],
  ['one column', 'a\n1\n2\n', undefined],
  ['one row', 'a,b\n', undefined],
  ['prose', 'Dear Ann,\nthis is a letter.\nIt has, now and then, a comma.\n', undefined],
])('%s', (_name, text, expected) => {
  expect(described(text)).toEqual(expected)
})

test('a header cell of 150 characters is data, of 149 a name', () => {
  const withName = (length: number) => read(`${'h'.repeat(length)},b\nx,1\n`)?.hasHeader
  expect([withName(149), withName(150)]).toEqual([true, false])
})

test('one row in five may be ragged, and the reader is told; more is not CSV', () => {
  const rows = (ragged: number) => `a,b\n${'x,1\n'.repeat(9 - ragged)}${'x\n'.repeat(ragged)}`
  expect(read(rows(2))?.notes).toEqual(['2 of 10 rows do not have 2 columns'])
  expect(read(rows(3))).toBeUndefined()
})

test('the last line counts only when the file ends with it', () => {
  const text = 'a,b\nx,1\ny,2'
  expect([read(text)?.records, read(text, false)?.records]).toEqual([2, 1])
})

test('reading ends after the first thousand records', () => {
  const schema = read(`a,b\n${'x,1\n'.repeat(RECORDS_MAX)}${'y,z\n'.repeat(10)}`)
  expect([schema?.records, schema?.columns.map(({ type }) => typeText(type))]).toEqual([1000, ['string', 'bigint']])
})

test('what is written with quotes is read back cell for cell', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'ü') })
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n')
      const read = csvRows(text, ',', { isWhole: true, rowsMax: 1000, quote: '"' }).rows
      expect(read.map((row) => row.map(({ text }) => text))).toEqual(rows)
    }),
  )
})

test('what stands behind a closing quote belongs to the cell, other delimiters included', () => {
  const { rows } = csvRows('"a";b|c,1\n"d" ,2\n', ',', { isWhole: true, rowsMax: 10, quote: '"' })
  expect(rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['a;b|c', '1'],
    ['d ', '2'],
  ])
})

test('any text at all is split without an endless loop', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r') }), fc.boolean(), (text, isWhole) => {
      expect(csvRows(text, ',', { isWhole, rowsMax: 1000, quote: '"' }).consumed).toBeLessThanOrEqual(text.length)
    }),
  )
})
