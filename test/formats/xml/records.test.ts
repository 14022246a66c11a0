import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COLUMNS_MAX } from '../../../src/formats/file-schema.ts'
import { DEPTH_MAX, xmlRecords } from '../../../src/formats/xml/records.ts'
import { columnsOf } from '../classified.ts'

function read(text: string, rowTag?: string, isWhole = true) {
  const found = xmlRecords(text, { rowTag, isWhole })
  if ('reason' in found) throw new Error(found.reason)
  return found
}

test.each<[string, string, string, string[]]>([
  ['children that repeat', '<r><b><t>x</t></b><b><t>y</t></b></r>', 'b', ['t string']],
  ['a single child with fields', '<r><b><t>x</t></b></r>', 'b', ['t string']],
  [
    'the root, where its children differ',
    '<note><to>A</to><from>B</from></note>',
    'note',
    ['to string', 'from string'],
  ],
  ['the root, where it has no children', '<r id="1">x</r>', 'r', ['_id int', '_value string']],
  ['the commonest of several children', '<r><head/><b><t>1</t></b><b><t>2</t></b></r>', 'b', ['t int']],
])('without a row tag the records are %s', (_name, text, rowTag, columns) => {
  const found = read(text)
  expect([found.rowTag, columnsOf(found)]).toEqual([rowTag, columns])
})

test.each<[string, string, string[]]>([
  ['attributes', '<b id="1" name="x"/><b id="12345678901"/>', ['_id bigint', '_name string']],
  ['text beside attributes', '<b id="1">5.5</b><b id="2">6</b>', ['_id int', '_value double']],
  ['text alone', '<b>x</b><b>y</b>', ['_value string']],
  [
    'each type',
    '<b><i>1</i><l>12345678901</l><d>1.5</d><t>true</t><s>x</s><n/></b><b/>',
    ['i int', 'l bigint', 'd double', 't boolean', 's string', 'n string'],
  ],
  [
    'elements within elements',
    '<b><a><c>1</c><d e="x">y</d></a></b><b/>',
    ['a struct<c:int,d:struct<_e:string,_value:string>>'],
  ],
  ['elements that repeat', '<b><t>1</t><t>2</t></b><b/>', ['t array<int>']],
  [
    'elements that repeat in some records only',
    '<b><t>1</t></b><b><t>1</t><t>2</t></b><b><t>3</t></b>',
    ['t array<int>'],
  ],
  ['the same deep within', '<b><a><t>1</t></a></b><b><a><t>1</t><t>2</t></a></b>', ['a struct<t:array<int>>']],
  ['names in upper case', '<b Id="1"><Title>x</Title></b><b/>', ['_id int', 'title string']],
  ['character data', '<b><t><![CDATA[<x>]]></t></b><b/>', ['t string']],
  ['entities', '<b><t>&lt;&#65;</t></b><b/>', ['t string']],
  ['namespaces, which are not declared to be columns', '<b xmlns:n="u" n:a="1"/><b/>', ['_n:a int']],
])('%s', (_name, rows, columns) => {
  expect(columnsOf(read(`<r>${rows}</r>`))).toEqual(columns)
})

const CATALOG = `<?xml version="1.0"?>
<catalog>
  <book id="bk101"><AnyCompany><author>Rivera</author><title>Guide</title></AnyCompany></book>
  <book id="bk102"><AnyCompany> <author>Stiles</author><title>Style</title></AnyCompany></book>
</catalog>`

test("the row tag of AWS's guide, deep within, makes its children the columns", () => {
  const found = read(CATALOG, 'AnyCompany')
  expect([found.records, columnsOf(found)]).toEqual([2, ['author string', 'title string']])
})

test('a row within a row is a field of the outer one', () => {
  const found = read('<r><row><row><a>1</a></row></row></r>', 'row')
  expect([found.records, columnsOf(found)]).toEqual([1, ['row struct<a:int>']])
})

test('an empty row element is no record, as AWS says, and is counted', () => {
  const found = read('<r><row a="1"/><row a="2"> </row></r>', 'row')
  expect([found.records, found.empty, columnsOf(found)]).toEqual([1, 1, ['_a int']])
})

test('of a beginning the records that are complete count', () => {
  const found = read('<r><b><t>1</t></b><b><t>2</t></b><b><t>', undefined, false)
  expect([found.records, found.problem, found.consumed]).toEqual([
    2,
    undefined,
    '<r><b><t>1</t></b><b><t>2</t></b>'.length,
  ])
})

test('what is not well-formed further on is said, and what came before counts', () => {
  expect(read('<r><b><t>1</t></b><b><t>2</t></b><c></d>')).toMatchObject({ records: 2, problem: expect.any(String) })
})

test('what can only be text is noted with the place', () => {
  const found = read('<r><b><t>1</t><a><x>1</x></a></b><b><t>u</t><a><x>true</x></a></b></r>')
  expect(found.conflicts).toEqual([
    't holds int and string in different places: it is given as string',
    'a.x holds int and boolean in different places: it is given as string',
  ])
})

test.each<[string, string, string | undefined, RegExp, boolean?]>([
  ['no XML', 'a < b', undefined, /not well-formed/],
  ['no such element', '<r><b/></r>', 'row', /no element row is complete in it/],
  [
    'a beginning in which children have not come again',
    '<r><meta><a>1</a></meta><items><item/>',
    undefined,
    /no two elements/,
    false,
  ],
  ['an element that holds nothing', '<r/>', undefined, /elements r hold nothing/],
  ['an entity of its own', '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', undefined, /not well-formed/],
  ['too deep a nesting', '<a>'.repeat(DEPTH_MAX + 1), undefined, /nested more than/],
  [
    'names that are data',
    `<r><b>${Array.from({ length: COLUMNS_MAX + 1 }, (_, n) => `<k${n}/>`).join('')}</b></r>`,
    'b',
    /different fields/,
  ],
])('%s is refused with the reason', (_name, text, rowTag, reason, isWhole = true) => {
  expect(xmlRecords(text, { rowTag, isWhole })).toEqual({ reason: expect.stringMatching(reason) })
})

test('of a beginning one record is enough when another has begun', () => {
  expect(read('<r><b><t>1</t></b><b>', undefined, false)).toMatchObject({ rowTag: 'b', records: 1 })
})

test('any text at all is records or a reason, and names found in a beginning are found in the whole', () => {
  const piece = fc.constantFrom(
    '<a>',
    '</a>',
    '<b c="1">',
    '</b>',
    '<b/>',
    'text',
    '<!--x-->',
    '&amp;',
    '<![CDATA[x]]>',
    '<',
    '>',
    '"',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(100), (pieces, length) => {
      const text = `<r>${pieces.join('')}`
      const part = xmlRecords(text.slice(0, length), { rowTag: 'b', isWhole: false })
      const whole = xmlRecords(text, { rowTag: 'b', isWhole: false })
      if ('reason' in part) return
      const names = 'reason' in whole ? [] : whole.columns.map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining(part.columns.map(({ name }) => name)))
    }),
  )
})
