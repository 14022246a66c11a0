import { expect, test } from 'vitest'
import type { JsonClassifier } from '../../../src/formats/classifier.ts'
import { columnsOf, reasonOf, schemaOf } from '../classified.ts'

const at = (jsonPath: string): JsonClassifier => ({ kind: 'json', name: 'mine', jsonPath })

const AREAS = `{"id":"a","identifiers":[{"scheme":"x","identifier":"1"},{"scheme":"y","identifier":"2"}]}
{"id":"b","identifiers":[{"scheme":"z","identifier":"3"}]}
`

test.each<[string, string, string, string[], number]>([
  ['records of a top-level array', '[{"a":1},{"a":2,"b":"x"}]', '$[*]', ['a int', 'b string'], 2],
  ['records of an array within', '{"n":1,"records":[{"a":1},{"b":2}]}', '$.records[*]', ['a int', 'b int'], 2],
  ['an object within', '{"a":{"b":{"c":1}}}\n{"a":{"b":{"d":2}}}\n', '$.a.b', ['c int', 'd int'], 2],
  ['one element of an array', '{"a":[{"b":1},{"c":2}]}', '$.a[1]', ['c int'], 1],
  ['every member of an object', '{"x":{"a":1},"y":{"b":2}}', '$.*', ['a int', 'b int'], 2],
  ['a name with a blank', '{"a b":{"c":1}}', "$['a b']", ['c int'], 1],
  ['a value, which is the column record', AREAS, '$.id', ['record string'], 2],
  ['values deep within', AREAS, '$.identifiers[*].identifier', ['record string'], 3],
  [
    'an array, which is the column array',
    AREAS,
    '$.identifiers',
    ['array array<struct<scheme:string,identifier:string>>'],
    2,
  ],
  ['the document itself', '{"a":1}\n{"a":2}\n', '$', ['a int'], 2],
])('%s', async (_name, text, path, columns, records) => {
  const schema = await schemaOf(text, at(path))
  expect(columnsOf(schema)).toEqual(columns)
  expect(schema).toMatchObject({
    records,
    classification: 'json',
    layout: { kind: 'json', jsonPath: path },
    classifier: { name: 'mine', certainty: 1 },
  })
})

test('records of a top-level array that never ends within the sample are read', async () => {
  const text = `[${'{"a":1,"b":"some text to make it long"},'.repeat(100_000)}`
  expect((await schemaOf(text, at('$[*]'))).records).toBeGreaterThan(10_000)
})

test('a document without anything at the path is left to the built-in classifier', async () => {
  const schema = await schemaOf('{"a":1}\n', at('$.b[*]'))
  expect(schema.classifier).toEqual({ name: 'json', certainty: 1 })
})

test('a log whose lines begin like JSON arrays is JSON with less certainty only', async () => {
  expect((await schemaOf('[1] one\n[2] two\n')).classifier).toEqual({ name: 'json', certainty: 0.5 })
})

test.each<[string, string, string[]]>([
  [
    'a number and a text',
    '{"a":1}\n{"a":"x"}\n{"a":2}\n',
    ['a holds int and string in different places: it is given as string'],
  ],
  ['a text first', '{"a":"x"}\n{"a":1}\n', ['a holds string and int in different places: it is given as string']],
  [
    'three sorts',
    '{"a":1}\n{"a":true}\n{"a":{"b":1}}\n',
    ['a holds int and boolean and struct in different places: it is given as string'],
  ],
  [
    'within a struct',
    '{"a":{"b":{"c":1}}}\n{"a":{"b":{"c":[1]}}}\n',
    ['a.b.c holds int and array in different places: it is given as string'],
  ],
  ['within an array', '{"a":[1,"x"]}\n', ['a holds int and string in different places: it is given as string']],
  [
    'names that differ in case',
    '{"s":{"Id":1,"id":"x"}}\n',
    ['s.id holds int and string in different places: it is given as string'],
  ],
  ['numbers, which lose nothing', '{"a":1}\n{"a":1.5}\n{"a":12345678901}\n', []],
  ['null, which says nothing', '{"a":null}\n{"a":1}\n{"a":null}\n', []],
])('what is widened to text is noted: %s', async (_name, text, notes) => {
  expect((await schemaOf(text)).notes).toEqual(notes)
})

test('twenty places are noted, and that there are more', async () => {
  const record = (value: unknown) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`k${n}`, value])))
  const { notes } = await schemaOf(`${record(1)}\n${record('x')}\n`)
  expect(notes).toHaveLength(21)
  expect(notes.at(-1)).toMatch(/further places/)
})

test.each<[string, string, string]>([
  [
    'a name that no type can carry',
    '{"a":{"b":[{"x:y":1}]}}',
    'a holds a member called "x:y", which no type can carry: what holds it is given as string',
  ],
  [
    'more members than a struct can be expected to have',
    JSON.stringify({ a: Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, n])) }),
    'a has more than 1000 members: it is given as string',
  ],
  [
    'a nesting of more than 32',
    `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
    `${new Array(32).fill('a').join('.')} is nested more than 32 deep: it is given as string`,
  ],
])('what is given as text is noted: %s', async (_name, text, note) => {
  expect((await schemaOf(`${text}\n`)).notes).toEqual([note])
})

test('a record twenty deep keeps its type, and five hundred columns keep theirs', async () => {
  const deep = `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`
  expect(columnsOf(await schemaOf(deep))[0]).toBe(`a ${'struct<a:'.repeat(19)}int${'>'.repeat(19)}`)
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`k${n}`, n])))
  expect(columnsOf(await schemaOf(wide))).toHaveLength(600)
})

test('a document printed over many lines, and several in a run, are read', async () => {
  const printed = JSON.stringify({ a: 1, b: [{ c: 'x' }] }, null, 2)
  expect(await schemaOf(`${printed}${printed}\n${printed}`)).toMatchObject({ records: 3, notes: [] })
})

test('broken JSON says so', async () => {
  expect(await reasonOf('{"a":1,"b":\n{"a":1,"b":\n')).toMatch(
    /json: it begins like JSON but no document in it is well-formed/,
  )
})
