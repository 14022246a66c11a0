import { expect, test } from 'vitest'
import { readable } from '../../src/query/serde.ts'

const table = (library: string, serde: Record<string, string> = {}, parameters: Record<string, string> = {}) => ({
  parameters,
  storage: {
    columns: [],
    compressed: false,
    numberOfBuckets: -1,
    serde: { library, parameters: serde },
    bucketColumns: [],
    sortColumns: [],
    parameters: {},
    storedAsSubDirectories: false,
  },
})

const LAZY = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
const OPENX = 'org.openx.data.jsonserde.JsonSerDe'

test.each([
  ['a character', { 'field.delim': ',' }, ','],
  ['a tab as escape', { 'field.delim': '\\t' }, '\t'],
  ['octal', { 'field.delim': '\\001' }, '\u0001'],
  ['unicode', { 'field.delim': '\\u0001' }, '\u0001'],
  ['a number', { 'field.delim': '9' }, '\t'],
  ['only serialization.format', { 'serialization.format': '|' }, '|'],
  ['nothing', {}, '\u0001'],
])('the field delimiter as %s', (_what, serde, fieldDelimiter) => {
  expect(readable(table(LAZY, serde))).toMatchObject({ format: { kind: 'csv', serde: 'lazy', fieldDelimiter } })
})

test('header lines and null text', () => {
  const format = readable(table(LAZY, { 'serialization.null.format': '' }, { 'skip.header.line.count': '2' }))
  expect(format).toMatchObject({ format: { skipHeaderLines: 2, nullText: '' } })
})

test.each(['one', '1.5', '-1', '', ' 1', '2147483648'])('%j header lines are invalid metadata', (count) => {
  expect(readable(table(LAZY, {}, { 'skip.header.line.count': count }))).toEqual({
    invalid: `Invalid value for skip.header.line.count property: ${count}`,
  })
})

test.each([
  ['org.apache.hadoop.hive.ql.io.orc.OrcSerde', 'ORC', 'Parquet'],
  ['com.amazon.ionhiveserde.IonHiveSerDe', 'Ion', 'JSON lines or Parquet'],
  ['com.ibm.spss.hive.serde2.xml.XmlSerDe', 'XML', 'JSON lines or Parquet'],
])('%s is refused by name with what can be done instead', (library, name, instead) => {
  const refused = readable(table(library))
  expect(refused).toEqual({ unreadable: expect.stringContaining(name) })
  expect(refused).toEqual({ unreadable: expect.stringContaining(instead) })
})

test('Regex', () => {
  const library = 'org.apache.hadoop.hive.serde2.RegexSerDe'
  expect(readable(table(library, { 'input.regex': '(a)', 'input.regex.case.insensitive': 'true' }))).toMatchObject({
    format: { serde: 'regex', regex: { pattern: '(a)', ignoreCase: true } },
  })
  expect(readable(table(library))).toEqual({ invalid: "Schema does not have required 'input.regex' property" })
})

test('OpenCSV has its own defaults', () => {
  expect(readable(table('org.apache.hadoop.hive.serde2.OpenCSVSerde', { separatorChar: ';' }))).toMatchObject({
    format: { serde: 'opencsv', fieldDelimiter: ';', quote: '"', escape: '\\' },
  })
})

test('options of OpenX', () => {
  const serde = { 'ignore.malformed.json': 'TRUE', 'mapping.ts': 'Timestamp', 'dots.in.keys': 'true', paths: 'a,b' }
  expect(readable(table(OPENX, serde))).toMatchObject({
    format: {
      kind: 'json',
      serde: 'openx',
      ignoreMalformed: true,
      dotsInKeys: true,
      mapping: { ts: 'Timestamp' },
      caseInsensitive: true,
    },
  })
})

test('Iceberg tables are refused by name', () => {
  expect(readable(table(OPENX, {}, { table_type: 'ICEBERG' }))).toMatchObject({
    unreadable: expect.stringContaining('Iceberg'),
  })
})
