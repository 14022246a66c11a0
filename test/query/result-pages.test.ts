import { afterEach, beforeEach, expect, test } from 'vitest'
import { QueryWorld } from './query-world.ts'

let world: QueryWorld
beforeEach(async () => {
  world = await QueryWorld.open()
})
afterEach(() => world.close())

const csvOf = (rows: number) => `"n"\n${Array.from({ length: rows }, (_, index) => `"${index}"\n`).join('')}`

async function pages(id: string, limit?: number): Promise<{ sizes: number[]; values: (string | null)[] }> {
  const sizes: number[] = []
  const values: (string | null)[] = []
  let nextToken: string | undefined
  do {
    const page = await world.queries.results({ id, ...(nextToken && { nextToken }), ...(limit && { limit }) })
    sizes.push(page.rows.length)
    values.push(...page.rows.map((row) => row[0] ?? null))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return { sizes, values }
}

test('the header is the first row of the first page and counts; a full page always has a next', async () => {
  world.engine.csv = csvOf(4)
  const { id } = await world.run('SELECT 1 AS n')
  expect(await pages(id, 2)).toEqual({ sizes: [2, 2, 1], values: ['n', '0', '1', '2', '3'] })
  expect((await pages(id, 5)).sizes).toEqual([5, 0])
  expect((await pages(id)).sizes).toEqual([5])
})

test('many rows come in pages of a thousand, each row once and in order', async () => {
  world.engine.csv = csvOf(70_000)
  const { id } = await world.run('SELECT 1 AS n')
  const { sizes, values } = await pages(id)
  expect(sizes).toEqual([...Array.from({ length: 70 }, () => 1000), 1])
  expect(values).toEqual(['n', ...Array.from({ length: 70_000 }, (_, index) => String(index))])
})

test('NULL is not the empty string; quotes, commas and newlines come back', async () => {
  world.engine.csv = '"a","b"\n,""\n"x""y","1,\n2"\n"ü",\n'
  const { id } = await world.run('SELECT 1 AS a, 2 AS b')
  const { rows } = await world.queries.results({ id })
  expect(rows.slice(1)).toEqual([
    [null, ''],
    ['x"y', '1,\n2'],
    ['ü', null],
  ])
})

test('a lone NULL is a row', async () => {
  world.engine.csv = '"a"\n\n"x"\n'
  const { id } = await world.run('SELECT 1 AS a')
  expect((await world.queries.results({ id })).rows).toEqual([['a'], [null], ['x']])
})

test('refusals come in Athena order', async () => {
  const { id } = await world.run('SELECT 1 AS a')
  await expect(world.queries.results({ id: 'nope', limit: 2000 })).rejects.toThrow('QueryExecution nope was not found')
  await expect(world.queries.results({ id, limit: 1001, nextToken: 'x' })).rejects.toThrow(
    'MaxResults is more than maximum allowed length 1000',
  )
  await expect(world.queries.results({ id, nextToken: 'x' })).rejects.toThrow('Malformed nextPageToken x')
  const other = await world.run('SELECT 2 AS a')
  const { nextToken } = await world.queries.results({ id: other.id, limit: 1 })
  await expect(world.queries.results({ id, nextToken: nextToken ?? '' })).rejects.toThrow('Malformed nextPageToken')
})

test('a result whose object was deleted cannot be found', async () => {
  const { id, outputLocation } = await world.run('SELECT 1 AS a')
  await world.objects.delete({ bucket: 'results', key: outputLocation.replace('s3://results/', '') })
  await expect(world.queries.results({ id })).rejects.toMatchObject({
    code: 'resultNotFound',
    message: 'Could not find results',
  })
})

test('EXPLAIN answers lines under a header; SHOW and DDL have none', async () => {
  const [header, fragment] = await world.rows('EXPLAIN SELECT 1')
  expect([header, fragment]).toEqual(['Query Plan', 'Fragment 0 [SINGLE]'])
  expect(await world.rows('EXPLAIN (TYPE VALIDATE) SELECT 1')).toEqual(['Valid', 'true'])
  expect(await world.rows('CREATE DATABASE d')).toEqual([])
  expect(await world.rows('SHOW DATABASES')).toEqual(['d'])
})
