/** What GetPartitions relies on: a scan that looks at few partitions finds the same ones as a look at each. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EmbeddedCatalog } from '../../src/catalog/embedded/embedded-catalog.ts'
import { parsePartitionExpression } from '../../src/catalog/partition-expression/index.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { eventsTable } from '../contracts/catalog.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { hastyDatabase } from '../support/hasty-disk.ts'
import { MemoryCatalog } from '../support/memory-catalog.ts'

const keys = [
  { name: 'place', type: 'string' },
  { name: 'n', type: 'int' },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
]
const NULL = '__HIVE_DEFAULT_PARTITION__'
const texts = ['', 'a', 'ab', 'b', 'B', 'é', '\u{1F600}', '\uFFFD', '\u0000', '\u0001x', NULL]
const numbers = ['7', '07', '007', '+7', ' 7', '7 ', '70', '-7', '0', '-0', '00', '12', NULL]
const days = ['2025-12-31', '2026-01-01', '2026-01-02', '2026-02-01', NULL]
const times = ['2026-01-01 00:00:00', '2026-01-01 00:00:00.0', '2026-01-01 00:00:00.50', '2026-01-01 00:00:01', NULL]

const values = fc.tuple(
  fc.constantFrom(...texts),
  fc.constantFrom(...numbers),
  fc.constantFrom(...days),
  fc.constantFrom(...times),
)

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const literals: Readonly<Record<string, fc.Arbitrary<string>>> = {
  place: fc.constantFrom(...texts).map(quoted),
  n: fc.constantFrom('7', "'07'", '0', '-7', '12', '100'),
  day: fc.constantFrom(...days.slice(0, -1)).map(quoted),
  at: fc.constantFrom(...times.slice(0, -1)).map(quoted),
}

const condition = fc.constantFrom(...keys.map((key) => key.name)).chain((column) => {
  const literal = literals[column] as fc.Arbitrary<string>
  const conditions = [
    fc
      .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), literal)
      .map(([sign, one]) => `${column} ${sign} ${one}`),
    fc.array(literal, { minLength: 1, maxLength: 3 }).map((all) => `${column} IN (${all.join(', ')})`),
    fc.tuple(literal, literal).map(([low, high]) => `${column} BETWEEN ${low} AND ${high}`),
    fc.constantFrom(`${column} IS NULL`, `${column} IS NOT NULL`),
  ]
  if (column === 'place') conditions.push(fc.constantFrom("place LIKE 'a%'", "place LIKE '%b'", "place LIKE '_'"))
  return fc.oneof(...conditions)
})

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    condition,
    fc.tuple(tie('expression'), tie('expression')).map(([left, right]) => `(${left}) AND (${right})`),
    fc.tuple(tie('expression'), tie('expression')).map(([left, right]) => `(${left}) OR (${right})`),
    tie('expression').map((inner) => `NOT (${inner})`),
  ),
}))

const indexes = [
  { name: 'n', keys: ['n'] },
  { name: 'day-place', keys: ['day', 'place'] },
  { name: 'at', keys: ['at'] },
]
const orders = [undefined, ...indexes.map((index) => index.name)]

async function filled(catalog: MemoryCatalog | EmbeddedCatalog, all: readonly (readonly string[])[]) {
  await catalog.createDatabase({ name: 'lake', parameters: {} })
  await catalog.createTable('lake', { ...eventsTable, partitionKeys: keys }, 'me', indexes)
  await catalog.createPartitions(
    'lake',
    'events',
    all.map((one) => ({ values: one, parameters: {} })),
  )
  return catalog
}

async function found(
  catalog: MemoryCatalog | EmbeddedCatalog,
  scan: { text: string; by: string | undefined; after?: readonly string[] | undefined },
) {
  const filter = parsePartitionExpression(scan.text, keys)
  const options = {
    ...(filter && { filter }),
    ...(scan.by && { by: scan.by }),
    ...(scan.after && { after: scan.after }),
  }
  const all: (readonly string[])[] = []
  for await (const partition of catalog.partitions('lake', 'events', options)) all.push(partition.values)
  return all
}

test('a filtered scan in any order finds what a look at every partition finds, from any place on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(values, { minLength: 20, maxLength: 60, selector: (one) => JSON.stringify(one) }),
      fc.array(expression, { minLength: 20, maxLength: 20 }),
      fc.option(values, { nil: undefined }),
      async (all, expressions, after) => {
        const database = hastyDatabase(':memory:')
        const embedded = await filled(new EmbeddedCatalog({ database, clock: new FakeClock() }), all)
        const memory = await filled(new MemoryCatalog(), all)
        for (const text of expressions) {
          for (const by of orders)
            expect(await found(embedded, { text, by, after })).toEqual(await found(memory, { text, by, after }))
        }
        database.close()
      },
    ),
    { numRuns: 30 },
  )
})

test('partitions that are ruled out by their first values are not looked at, whatever they hold', async () => {
  const database = hastyDatabase(':memory:')
  const catalog = await filled(new EmbeddedCatalog({ database, clock: new FakeClock() }), [
    ['a', 'no number', '2026-01-01', NULL],
    ['b', '7', '2026-01-01', NULL],
  ])
  expect(await found(catalog, { text: "n = 7 AND place = 'b'", by: undefined })).toEqual([
    ['b', '7', '2026-01-01', NULL],
  ])
  const whole = await found(catalog, { text: 'n <> 7', by: undefined }).catch((error: unknown) => error)
  expect(isRefusal(whole) && whole.code).toBe('partitionValueMismatch')
  database.close()
})

test('indexes follow partitions that are renamed, removed and made, whenever the index was made', async () => {
  // Few, so that names come back.
  const named = fc.tuple(
    fc.constantFrom('a', 'b'),
    fc.constantFrom('7', '07'),
    fc.constant('2026-01-01'),
    fc.constant(NULL),
  )
  const change = fc.oneof(
    named.map((one) => ({ kind: 'make' as const, one })),
    named.map((one) => ({ kind: 'remove' as const, one })),
    fc.tuple(named, named).map(([one, other]) => ({ kind: 'rename' as const, one, other })),
    fc.constant({ kind: 'index' as const }),
  )
  const few = fc.array(change, { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(few, async (changes) => {
      const database = hastyDatabase(':memory:')
      const catalog = await filled(new EmbeddedCatalog({ database, clock: new FakeClock() }), [])
      await catalog.deletePartitionIndex('lake', 'events', 'n')
      for (const made of [...changes, { kind: 'index' as const }]) {
        if (made.kind === 'make')
          await catalog.createPartitions('lake', 'events', [{ values: made.one, parameters: {} }])
        if (made.kind === 'remove') await catalog.deletePartitions('lake', 'events', [made.one])
        if (made.kind === 'rename')
          await catalog.updatePartitions('lake', 'events', [
            { values: made.one, input: { values: made.other, parameters: {} } },
          ])
        const isThere = (await catalog.partitionIndexes('lake', 'events')).some(({ name }) => name === 'n')
        if (made.kind === 'index' && !isThere)
          await catalog.createPartitionIndex('lake', 'events', { name: 'n', keys: ['n'] })
      }
      const inOrder = (await found(catalog, { text: '', by: undefined })).map((one) => JSON.stringify(one))
      for (const by of ['n', 'day-place', 'at']) {
        const byIndex = (await found(catalog, { text: '', by })).map((one) => JSON.stringify(one))
        expect(byIndex.sort()).toEqual([...inOrder].sort())
      }
      database.close()
    }),
    { numRuns: 60 },
  )
})
