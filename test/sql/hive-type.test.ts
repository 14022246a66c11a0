import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hiveTypeText, parseHiveType } from '../../src/sql/hive-type.ts'
import { type SqlType, typeText } from '../../src/sql/types.ts'

const READ: readonly (readonly [hive: string, sql: string])[] = [
  ['int', 'integer'],
  ['integer', 'integer'],
  ['float', 'real'],
  ['string', 'varchar'],
  ['binary', 'varbinary'],
  ['timestamp', 'timestamp(3)'],
  ['decimal', 'decimal(10,0)'],
  ['decimal(12)', 'decimal(12,0)'],
  ['DECIMAL(10, 2)', 'decimal(10,2)'],
  ['char(3)', 'char(3)'],
  ['varchar(20)', 'varchar(20)'],
  ['array<struct<a:int,b:decimal(10,2)>>', 'array(row(a integer, b decimal(10,2)))'],
  [' Map< string , Array<BIGINT> > ', 'map(varchar, array(bigint))'],
  ['struct<A: int, `b c`:string,my-field:date>', 'row(a integer, "b c" varchar, "my-field" date)'],
]

test.each(READ)('%s in the catalog is %s in queries', (hive, sql) => {
  expect(typeText(parseHiveType(hive))).toBe(sql)
})

const REFUSED = [
  '',
  'uniontype<int,string>',
  'decimal(39,2)',
  'decimal(3,5)',
  'char',
  'char(256)',
  'varchar(0)',
  'int(3)',
  'array<int',
  'array<int>>',
  'struct<a int>',
  'map<int>',
  `${'array<'.repeat(100_000)}int${'>'.repeat(100_000)}`,
]

test.each(REFUSED)('%.40s is refused by name', (text) => {
  expect(() => parseHiveType(text)).toThrowError(`Unsupported Hive type: ${text}`)
})

test.each<readonly [SqlType, string]>([
  [{ kind: 'time', precision: 3 }, 'Unsupported Hive type: time(3)'],
  [{ kind: 'json' }, 'Unsupported Hive type: json'],
  [{ kind: 'char', length: 300 }, 'Unsupported Hive type: char(300). Supported CHAR types: CHAR(<=255).'],
  [
    { kind: 'row', fields: [{ name: undefined, type: { kind: 'integer' } }] },
    'Anonymous row type is not supported in Hive. Please give each field a name: row(integer)',
  ],
])('a type that Hive has no word for is refused by name (%#)', (type, message) => {
  expect(() => hiveTypeText(type)).toThrowError(message)
})

const anyType = fc.letrec<{ type: SqlType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<SqlType>(
      { kind: 'boolean' },
      { kind: 'tinyint' },
      { kind: 'smallint' },
      { kind: 'integer' },
      { kind: 'bigint' },
      { kind: 'real' },
      { kind: 'double' },
      { kind: 'date' },
      { kind: 'varbinary' },
      { kind: 'varchar', length: undefined },
      { kind: 'varchar', length: 7 },
      { kind: 'char', length: 2 },
      { kind: 'timestamp', precision: 3 },
      { kind: 'decimal', precision: 38, scale: 10 },
    ),
    fc.record({ kind: fc.constant('array' as const), element: tie('type') }),
    fc.record({ kind: fc.constant('map' as const), key: tie('type'), value: tie('type') }),
    fc.record({
      kind: fc.constant('row' as const),
      fields: fc.array(fc.record({ name: fc.stringMatching(/^[a-z_][a-z0-9_$-]{0,8}$/), type: tie('type') }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  ),
})).type

test('a type written to the catalog is read back as it was', () => {
  fc.assert(
    fc.property(anyType, (type) => {
      expect(parseHiveType(hiveTypeText(type))).toEqual(type)
    }),
  )
})
