import { afterEach, beforeEach, expect, test } from 'vitest'
import { NEW_SETTINGS } from '../../src/query/workgroups.ts'
import { QueryWorld } from './query-world.ts'

let world: QueryWorld
beforeEach(async () => {
  world = await QueryWorld.open()
})
afterEach(() => world.close())

const make = (name: string, settings = {}) =>
  world.queries.workgroups.create({ name, settings: { ...NEW_SETTINGS, ...settings }, tags: {} })

test('primary is always there, enforces nothing and cannot be deleted', async () => {
  expect(world.queries.workgroups.named('primary')).toMatchObject({ state: 'ENABLED', settings: { isEnforced: false } })
  await expect(world.queries.deleteWorkgroup('primary', true)).rejects.toThrow(/primary workgroup cannot be deleted/)
})

test('a name is taken once', async () => {
  await make('a')
  await expect(make('a')).rejects.toThrow('WorkGroup already exists')
})

test.each([
  [{ outputLocation: 'nonsense' }, 'outputLocation is not a valid S3 path.'],
  [{ bytesScannedCutoff: 1 }, /at least 10000000/],
])('settings that cannot be are refused: %j', async (settings, message) => {
  await expect(make('a', settings)).rejects.toThrow(message)
})

test('a workgroup with contents is deleted only with them', async () => {
  await make('a', { outputLocation: 's3://results/a/' })
  const query = await world.queries.namedQueries.create({ name: 'q', database: 'd', sql: 'SELECT 1', workgroup: 'a' })
  const execution = await world.run('SELECT 1', { workgroup: 'a' })
  await expect(world.queries.deleteWorkgroup('a', false)).rejects.toThrow('WorkGroup a is not empty')
  await world.queries.deleteWorkgroup('a', true)
  expect(world.queries.namedQueries.find(query.id)).toBeUndefined()
  expect(world.queries.executions.find(execution.id)).toBeUndefined()
  await expect(world.start('SELECT 1', { workgroup: 'a' })).rejects.toThrow('WorkGroup is not found.')
})

test('the same token saves a query once', async () => {
  const saved = { name: 'q', database: 'd', sql: 'SELECT 1', workgroup: 'primary', clientRequestToken: 'once' }
  const first = await world.queries.namedQueries.create(saved)
  expect((await world.queries.namedQueries.create(saved)).id).toBe(first.id)
})

test('workgroups are listed by name, in pages', async () => {
  for (const name of ['b', 'a', 'zeta']) await make(name)
  const names = (after?: string) => world.queries.workgroups.page(after, 2).map((workgroup) => workgroup.name)
  expect(names()).toEqual(['a', 'b'])
  expect(names('b')).toEqual(['primary', 'zeta'])
})
