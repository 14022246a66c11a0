import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadAvro } from '../../../src/formats/avro/container.ts'
import { avroSchema } from '../../../src/formats/avro/schema.ts'
import { typeText } from '../../../src/formats/inferred-type.ts'
import { readFileSchema } from '../../../src/formats/read-file-schema.ts'
import { sourceOf } from '../sources.ts'

const record = (...fields: unknown[]) => ({ type: 'record', name: 'R', fields })

function columns(schema: unknown): Record<string, string> {
  return Object.fromEntries(avroSchema(JSON.stringify(schema)).columns.map(({ name, type }) => [name, typeText(type)]))
}

test('each type of a file that a library wrote has its Hive type', async () => {
  const bytes = readFileSync(join(import.meta.dirname, 'files/null.avro'))
  const reading = await readFileSchema(sourceOf('x.avro', bytes))
  const schema = reading.kind === 'schema' ? reading.schema : undefined
  expect(schema).toMatchObject({ classification: 'avro', compression: 'none', records: 100, notes: [] })
  expect(schema?.columns.map(({ name, type }) => `${name} ${typeText(type)}`)).toEqual([
    'id bigint',
    'count int',
    'ok boolean',
    'f float',
    'd double',
    'name string',
    'raw binary',
    'kind string',
    'digest binary',
    'day date',
    'at timestamp',
    'exactly timestamp',
    'price decimal(10,2)',
    'tags array<string>',
    'props map<string,bigint>',
    'place struct<lat:double,kind:string>',
    'other struct<lat:double,kind:string>',
  ])
})

test.each<[string, unknown, string]>([
  ['a nullable type, null last', ['string', 'null'], 'string'],
  ['nothing but null', 'null', 'string'],
  [
    'a decimal of a fixed',
    { type: 'fixed', name: 'D', size: 8, logicalType: 'decimal', precision: 18 },
    'decimal(18,0)',
  ],
  ['a decimal that no decimal can be', { type: 'bytes', logicalType: 'decimal', precision: 80 }, 'binary'],
  ['a logical type on the wrong type', { type: 'string', logicalType: 'date' }, 'string'],
  ['a logical type that Hive does not have', { type: 'int', logicalType: 'time-millis' }, 'int'],
  ['a type within a type', { type: { type: 'array', items: ['null', 'int'] } }, 'array<int>'],
])('%s', (_name, type, expected) => {
  expect(columns(record({ name: 'a', type }))).toEqual({ a: expected })
})

test('a name is looked for in the namespace around it', () => {
  const inner = { type: 'enum', name: 'Kind', namespace: 'x.y', symbols: ['A'] }
  const schema = { ...record({ name: 'a', type: inner }, { name: 'b', type: 'x.y.Kind' }), namespace: 'z' }
  expect(columns(schema)).toEqual({ a: 'string', b: 'string' })
})

test.each<[string, unknown[], RegExp]>([
  ['a record within itself', [{ name: 'next', type: ['null', 'R'] }], /next is a R within itself/],
  ['a union of several types', [{ name: 'a', type: ['null', 'int', 'string'] }], /a is a union of 2 types/],
  [
    'fields that differ only in case',
    [
      { name: 'A', type: 'int' },
      { name: 'a', type: 'int' },
    ],
    /differ only in case/,
  ],
])('%s is noted, never silently text', (_name, fields, note) => {
  expect(avroSchema(JSON.stringify(record(...fields))).notes).toEqual([expect.stringMatching(note)])
})

test.each<[string, unknown, RegExp]>([
  ['a schema that is no record', 'string', /not that of a record/],
  ['a type that is not defined', record({ name: 'a', type: 'Missing' }), /does not define it/],
  ['a record without fields', { type: 'record', name: 'R' }, /no fields/],
  ['a schema that comes to billions of types', explosive(), /more than 50000 types/],
])('%s is refused with the reason', (_name, schema, reason) => {
  expect(() => columns(schema)).toThrow(reason)
})

test('a schema that is nested a thousand deep is read to a bound', () => {
  let type: unknown = 'int'
  for (let depth = 0; depth < 1000; depth++) type = { type: 'array', items: type }
  expect(avroSchema(JSON.stringify(record({ name: 'a', type }))).notes[0]).toMatch(/nested more than 64 deep/)
})

test('whatever JSON the schema is, it ends in columns or in BadAvro', () => {
  const name = fc.constantFrom('a', 'R', 'int', 'record', 'null', 'x.R')
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      name,
      fc.array(tie('schema'), { maxLength: 3 }),
      fc.record({ type: tie('schema'), name, items: tie('schema'), logicalType: name }, { requiredKeys: ['type'] }),
      fc.record({ type: fc.constant('record'), name, fields: fc.array(fc.record({ name, type: tie('schema') })) }),
      fc.jsonValue(),
    ),
  }))
  fc.assert(
    fc.property(schema, (type) => {
      try {
        columns(record({ name: 'a', type }))
      } catch (error) {
        expect(error).toBeInstanceOf(BadAvro)
      }
    }),
  )
})

/** Each record has two of the next. */
function explosive(): unknown {
  let type: unknown = 'int'
  for (let level = 0; level < 40; level++) {
    const name = `R${level}`
    type = {
      type: 'record',
      name,
      fields: [
        { name: 'a', type },
        { name: 'b', type: level === 0 ? 'int' : `R${level - 1}` },
      ],
    }
  }
  return type
}
