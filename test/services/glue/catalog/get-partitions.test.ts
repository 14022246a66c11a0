import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVENTS, type GlueWorld, glueWithEvents } from './glue-world.ts'

async function allPages(glue: GlueWorld, asked: object): Promise<string[]> {
  const found: string[] = []
  let NextToken: string | undefined
  do {
    const page = await glue.call('GetPartitions', { ...EVENTS, ...asked, NextToken })
    for (const { Values } of page.Partitions) found.push(Values.join('/'))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return found
}

test('segments in pages of any size share the partitions of an expression out: each is met once', async () => {
  const value = fc.constantFrom('2024', '2025', '2026', 'é', 'x y', '\u{1F600}')
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(value, value), { minLength: 1, maxLength: 30, selector: (one) => one.join('/') }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('', "year >= '2025'", "day = '2026'", "year <> 'é' OR day LIKE '20%'"),
      fc.boolean(),
      async (values, TotalSegments, MaxResults, Expression, hasIndex) => {
        const glue = await glueWithEvents()
        const PartitionInputList = values.map((Values) => ({ Values }))
        await glue.call('BatchCreatePartition', { ...EVENTS, PartitionInputList })
        const PartitionIndex = { IndexName: 'by-day', Keys: ['day'] }
        if (hasIndex) await glue.call('CreatePartitionIndex', { ...EVENTS, PartitionIndex })
        const whole = await allPages(glue, { Expression })
        const shared: string[] = []
        for (let SegmentNumber = 0; SegmentNumber < TotalSegments; SegmentNumber++) {
          const Segment = { SegmentNumber, TotalSegments }
          shared.push(...(await allPages(glue, { Expression, Segment, MaxResults })))
        }
        expect(shared.sort()).toEqual(whole.sort())
      },
    ),
    { numRuns: 60 },
  )
})

test('pages go on when partitions go and come between them', async () => {
  const glue = await glueWithEvents()
  const inputs = (...days: string[]) => ({
    ...EVENTS,
    PartitionInputList: days.map((day) => ({ Values: ['2026', day] })),
  })
  await glue.call('BatchCreatePartition', inputs('01', '02', '03', '05'))
  const first = await glue.call('GetPartitions', { ...EVENTS, MaxResults: 2 })
  await glue.call('DeletePartition', { ...EVENTS, PartitionValues: ['2026', '02'] })
  await glue.call('BatchCreatePartition', inputs('00', '04'))
  const second = await glue.call('GetPartitions', { ...EVENTS, NextToken: first.NextToken })
  expect(second.Partitions.map(({ Values }: { Values: string[] }) => Values[1])).toEqual(['03', '04', '05'])
})

/** As Trino's connectors and awswrangler write them. */
test.each([
  ["((year in ('2025', '2026')) AND (day = '01'))", ['2026/01']],
  ["((year >= '2025') AND (year <= '2026'))", ['2025/02', '2026/01']],
  ["year='2026' AND day='01'", ['2026/01']],
  ["((year = '2024') OR (year = '2025'))", ['2025/02']],
])('%s is understood', async (Expression, found) => {
  const glue = await glueWithEvents()
  const PartitionInputList = [{ Values: ['2026', '01'] }, { Values: ['2025', '02'] }]
  await glue.call('BatchCreatePartition', { ...EVENTS, PartitionInputList })
  expect(await allPages(glue, { Expression })).toEqual(found)
})

test.each([
  ["nope = '1'", 'InvalidInputException: Invalid partition expression!'],
  ["year ~ '1'", "InvalidInputException: Unsupported expression 'year ~ '1''"],
])('%s is refused in AWS’s words', async (Expression, text) => {
  const glue = await glueWithEvents()
  expect(await glue.errorOf('GetPartitions', { ...EVENTS, Expression })).toBe(text)
})

test('a stored value that does not fit its key’s type is told apart from a wrong request', async () => {
  const glue = await glueWithEvents({ PartitionKeys: [{ Name: 'n', Type: 'int' }] })
  await glue.call('CreatePartition', { ...EVENTS, PartitionInput: { Values: ['seven'] } })
  expect(await glue.errorOf('GetPartitions', { ...EVENTS, Expression: 'n > 1' })).toBe(
    "InvalidStateException: 'seven' is not an integer",
  )
})
