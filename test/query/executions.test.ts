import { afterEach, beforeEach, expect, test } from 'vitest'
import { EngineFailure } from '../../src/engine/engine.ts'
import { settle } from '../support/fake-clock.ts'
import { QueryWorld } from './query-world.ts'

let world: QueryWorld
beforeEach(async () => {
  world = await QueryWorld.open()
})
afterEach(() => world.close())

const TOKEN = 'a'.repeat(32)

test('a query succeeds when its result is in the bucket, with its columns beside it', async () => {
  const execution = await world.run('SELECT 1')
  expect(execution).toMatchObject({
    state: 'SUCCEEDED',
    statementType: 'DML',
    substatementType: 'SELECT',
    workgroup: 'primary',
    outputLocation: `s3://results/out/${execution.id}.csv`,
    result: { columns: [{ name: '_col0', type: 'integer', precision: 10, caseSensitive: false }], updateCount: 0 },
  })
  expect(await world.text(execution.outputLocation)).toBe('"_col0"\n"1"\n')
  expect(await world.text(`${execution.outputLocation}.metadata`)).toContain('_col0')
})

test('states go from queued to running to succeeded', async () => {
  let release: () => void = () => undefined
  world.engine.held = new Promise((resolve) => {
    release = resolve
  })
  const id = await world.start('SELECT 1')
  await settle()
  expect(world.queries.executions.withId(id).state).toBe('RUNNING')
  await expect(world.queries.results({ id })).rejects.toMatchObject({
    code: 'invalidExecutionState',
    message: 'Query has not yet finished. Current state: RUNNING',
  })
  release()
  expect((await world.ended(id)).state).toBe('SUCCEEDED')
})

test.each([
  ['no token', { clientRequestToken: undefined }, 'clientRequestToken is null or empty'],
  ['a short token', { clientRequestToken: 'short' }, /between 32 and 128/],
  ['an unknown workgroup', { workgroup: 'nope' }, 'WorkGroup is not found.'],
  ['no output location', { outputLocation: undefined }, /^No output location provided\./],
  ['a location that is not in S3', { outputLocation: 'file:///x' }, 'outputLocation is not a valid S3 path.'],
])('%s is refused at start', async (_what, request, message) => {
  await expect(world.start('SELECT 1', request)).rejects.toMatchObject({
    code: 'invalidInput',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })
})

test('checks come in the order token, location, syntax', async () => {
  const all = { clientRequestToken: '', outputLocation: 'x' }
  await expect(world.start('SELEC', all)).rejects.toThrow('clientRequestToken is null or empty')
  await expect(world.start('SELEC', { outputLocation: 'x' })).rejects.toThrow('outputLocation is not a valid S3 path.')
  await expect(world.start('SELEC')).rejects.toMatchObject({
    code: 'malformedQuery',
    message: expect.stringMatching(/^line 1:1: mismatched input 'SELEC'\. Expecting: /),
  })
})

test('the same token gives the same execution in any state, and a refused call does not use it up', async () => {
  await expect(world.start('SELEC', { clientRequestToken: TOKEN })).rejects.toThrow()
  const first = await world.start('SELECT 1', { clientRequestToken: TOKEN })
  await world.ended(first)
  expect(await world.start('SELECT 1', { clientRequestToken: TOKEN, workgroup: 'primary' })).toBe(first)
  await world.reopen()
  expect(await world.start('SELECT 1', { clientRequestToken: TOKEN })).toBe(first)
})

test.each([
  ['text', 'SELECT 2', {}],
  ['database', 'SELECT 1', { database: 'x' }],
  ['catalog', 'SELECT 1', { catalog: 'AwsDataCatalog' }],
  ['output location', 'SELECT 1', { outputLocation: 's3://results/else/' }],
])('the same token with another %s is refused', async (_what, sql, more) => {
  await world.start('SELECT 1', { clientRequestToken: TOKEN })
  await expect(world.start(sql, { clientRequestToken: TOKEN, ...more })).rejects.toMatchObject({
    code: 'idempotentParameterMismatch',
    message: 'Idempotent parameters do not match',
  })
})

test('a failing query says why, in words and numbers, and writes no result', async () => {
  world.engine.failure = new EngineFailure('DIVISION_BY_ZERO', 'Division by zero')
  const execution = await world.run('SELECT 1/0')
  expect(execution).toMatchObject({
    state: 'FAILED',
    reason: 'DIVISION_BY_ZERO: Division by zero',
    failure: { category: 2, type: 1001, retryable: false, message: 'DIVISION_BY_ZERO: Division by zero' },
  })
  await expect(world.queries.results({ id: execution.id })).rejects.toThrow(
    'Query did not finish successfully. Final query state: FAILED',
  )
  expect((await world.objects.list('results', { limit: 10 })).objects).toEqual([])
})

test.each([
  ['SELECT * FROM nope', 1301, /^SCHEMA_NOT_FOUND: line 1:15: Schema 'default' does not exist/],
  ['SELECT * FROM d.nope', 1301, /^TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.d.nope' does not exist/],
  ['SELECT x', 1006, /^COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved or requester is not authorized/],
  ["SELECT 1 + 'a'", 1002, /^TYPE_MISMATCH: line 1:/],
  ['DELETE FROM d.t', 1200, /^NOT_SUPPORTED: .*DELETE is not supported/],
])('%s fails as an execution', async (sql, type, reason) => {
  await world.catalog.createDatabase({ name: 'd', parameters: {} })
  const execution = await world.run(sql)
  expect(execution.failure).toMatchObject({ category: 2, type })
  expect(execution.reason).toMatch(reason)
})

test('a results bucket that is not there fails the query at its end', async () => {
  const execution = await world.run('SELECT 1', { outputLocation: 's3://absent/x/' })
  expect(execution).toMatchObject({ state: 'FAILED', failure: { category: 2, type: 401 } })
  expect(execution.reason).toMatch(/^The S3 location provided to save your query results is invalid\./)
})

test('stopping a running query cancels it; stopping it again changes nothing', async () => {
  world.engine.held = new Promise(() => undefined)
  const id = await world.start('SELECT 1')
  await settle()
  world.clock.jumpTo(world.clock.nowMs() + 700)
  await world.queries.executions.stop(id)
  const execution = await world.ended(id)
  expect(execution).toMatchObject({
    state: 'CANCELLED',
    reason: 'Query cancelled by user',
    statistics: { engineMs: 700, totalMs: 700 },
  })
  expect(execution.failure).toBeUndefined()
  await world.queries.executions.stop(id)
  await expect(world.queries.results({ id })).rejects.toMatchObject({ code: 'resultNotFound' })
})

test('queries beyond those that run at once wait, and can be stopped while they do', async () => {
  let release: () => void = () => undefined
  world.engine.held = new Promise((resolve) => {
    release = resolve
  })
  const ids: string[] = []
  for (let index = 0; index < 10; index++) ids.push(await world.start(`SELECT ${index}`))
  await settle()
  const [running, waiting] = ['RUNNING', 'QUEUED'].map((state) =>
    ids.filter((id) => world.queries.executions.withId(id).state === state),
  )
  expect(running).toHaveLength(8)
  await world.queries.executions.stop(waiting?.[0] ?? '')
  expect(world.queries.executions.withId(waiting?.[0] ?? '').state).toBe('CANCELLED')
  release()
  for (const id of ids) await world.ended(id)
  expect(world.queries.executions.withId(waiting?.[1] ?? '').state).toBe('SUCCEEDED')
})

/** The store takes a result only once it is let. */
function heldStore(): { readonly let: () => void; readonly asked: Promise<void> } {
  const putAll = world.objects.putAll.bind(world.objects)
  let release: () => void = () => undefined
  let ask: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const asked = new Promise<void>((resolve) => {
    ask = resolve
  })
  world.objects.putAll = async (puts) => {
    ask()
    await held
    return putAll(puts)
  }
  return { let: release, asked }
}

test('a query that is stopped while its result is put is cancelled and leaves nothing', async () => {
  const store = heldStore()
  const id = await world.start('SELECT 1')
  await store.asked
  await world.queries.executions.stop(id)
  store.let()
  expect(await world.ended(id)).toMatchObject({ state: 'CANCELLED', reason: 'Query cancelled by user' })
  expect((await world.objects.list('results', { limit: 10 })).objects).toEqual([])
  await world.reopen()
  expect(world.queries.executions.withId(id).state).toBe('CANCELLED')
})

test('a statement that has changed the catalog is too late to stop, and says so by succeeding', async () => {
  const store = heldStore()
  const id = await world.start('CREATE DATABASE d')
  await store.asked
  const stopped = world.queries.executions.stop(id)
  store.let()
  await stopped
  expect(world.queries.executions.withId(id).state).toBe('SUCCEEDED')
  expect(await world.catalog.findDatabase('d')).toBeDefined()
})

test('a result and its metadata are there together or not at all', async () => {
  world.objects.putAll = async () => {
    throw new Error('the disk is full')
  }
  const execution = await world.run('SELECT 1')
  expect(execution.state).toBe('FAILED')
  expect((await world.objects.list('results', { limit: 10 })).objects).toEqual([])
})

test('however many are started at once, no more wait than may', async () => {
  world.engine.held = new Promise(() => undefined)
  const starts = await Promise.allSettled(Array.from({ length: 300 }, () => world.start('SELECT 1')))
  const refused = starts.filter(({ status }) => status === 'rejected')
  expect(refused.length).toBeGreaterThanOrEqual(300 - 208)
  expect(refused[0]).toMatchObject({ reason: { code: 'tooManyQueries' } })
})

const REUSE = { reuse: { enabled: true, maxAgeMinutes: 10 } }

test('where it is asked for, a result that is young enough is used again and nothing is read', async () => {
  world.engine.bytesScanned = 7
  const first = await world.run('SELECT 1')
  world.clock.jumpTo(world.clock.nowMs() + 9 * 60_000)
  const again = await world.run('SELECT 1', REUSE)
  expect(again).toMatchObject({
    state: 'SUCCEEDED',
    isReused: true,
    outputLocation: first.outputLocation,
    statistics: { bytesScanned: 0 },
  })
  expect((await world.queries.results({ id: again.id })).rows).toEqual([['_col0'], ['1']])
  expect(world.engine.queries).toHaveLength(1)
})

test.each([
  ['it is too old', 'SELECT 1', 'SELECT 1', {}, 11],
  ['the text differs', 'SELECT 1', 'SELECT  1', {}, 0],
  ['the database differs', 'SELECT 1', 'SELECT 1', { database: 'other' }, 0],
  ['the result goes elsewhere', 'SELECT 1', 'SELECT 1', { outputLocation: 's3://results/else/' }, 0],
  ['the query gives something else each time', 'SELECT random()', 'SELECT random()', {}, 0],
  ['it is not asked for', 'SELECT 1', 'SELECT 1', { reuse: { enabled: false, maxAgeMinutes: 10 } }, 0],
])('a result is not used again when %s', async (_why, first, second, more, minutes) => {
  await world.run(first)
  world.clock.jumpTo(world.clock.nowMs() + minutes * 60_000)
  const again = await world.run(second, { ...REUSE, ...more })
  expect(again.isReused).toBeUndefined()
  expect(world.engine.queries).toHaveLength(2)
})

test('a result that was deleted is not used again', async () => {
  const { outputLocation } = await world.run('SELECT 1')
  await world.objects.delete({ bucket: 'results', key: outputLocation.replace('s3://results/', '') })
  expect((await world.run('SELECT 1', REUSE)).isReused).toBeUndefined()
})

test('what a crash interrupted is FAILED with the reason when the lake is back', async () => {
  world.engine.held = new Promise(() => undefined)
  const id = await world.start('SELECT 1')
  await settle()
  await world.reopen()
  expect(world.queries.executions.withId(id)).toMatchObject({
    state: 'FAILED',
    reason: 'The lake stopped before this query had ended. Start the query again.',
    failure: { category: 1, retryable: true },
  })
})

test('an unknown id is refused', () => {
  expect(() => world.queries.executions.withId('nope')).toThrow('QueryExecution nope was not found')
})

test('history is listed newest first by workgroup and forgotten after 45 days', async () => {
  const first = await world.run('SELECT 1')
  const second = await world.run('SELECT 2')
  const ids = () => world.queries.executionPage('primary', undefined, 10).map((item) => item.id)
  expect(ids()).toEqual([second.id, first.id])
  world.clock.jumpTo(world.clock.nowMs() + 46 * 24 * 3_600_000)
  await world.reopen()
  expect(ids()).toEqual([])
})

test('a workgroup that enforces its settings decides where results go', async () => {
  const settings = {
    isEnforced: true,
    publishesMetrics: false,
    requesterPays: false,
    selectedEngineVersion: 'AUTO',
    minimumEncryption: false,
  }
  await world.queries.workgroups.create({
    name: 'strict',
    settings: { ...settings, outputLocation: 's3://results/strict' },
    tags: {},
  })
  const execution = await world.run('SELECT 1', { workgroup: 'strict' })
  expect(execution.outputLocation).toBe(`s3://results/strict/${execution.id}.csv`)
  await world.queries.workgroups.update('strict', (current) => ({ ...current, state: 'DISABLED' }))
  await expect(world.start('SELECT 1', { workgroup: 'strict' })).rejects.toThrow('WorkGroup strict is disabled.')
})

test('a workgroup can ask for a least encryption, which queries may go beyond', async () => {
  await world.queries.workgroups.update('primary', (current) => ({
    ...current,
    settings: { ...current.settings, minimumEncryption: true },
  }))
  expect((await world.run('SELECT 1')).encryption).toEqual({ option: 'SSE_S3' })
  const own = { option: 'SSE_KMS', kmsKey: 'k' } as const
  await world.queries.workgroups.update('primary', (current) => ({
    ...current,
    settings: { ...current.settings, encryption: own },
  }))
  expect((await world.run('SELECT 1')).encryption).toEqual(own)
  await expect(world.start('SELECT 1', { encryption: { option: 'SSE_S3' } })).rejects.toThrow(
    'The workgroup asks for results to be encrypted by SSE_KMS at least: SSE_S3 is less.',
  )
})

test('a query that reads more than its workgroup allows is cancelled', async () => {
  await world.queries.workgroups.update('primary', (current) => ({
    ...current,
    settings: { ...current.settings, bytesScannedCutoff: 10_000_000 },
  }))
  world.engine.bytesScanned = 10_000_001
  const execution = await world.run('SELECT 1')
  expect(execution).toMatchObject({ state: 'CANCELLED' })
  expect(execution.reason).toMatch(/Bytes scanned limit was exceeded/)
})

test("a block comment inside Hive DDL is taken, and then fails in Hive's own words", async () => {
  const execution = await world.run('DROP TABLE /* why */ t')
  expect(execution).toMatchObject({
    state: 'FAILED',
    reason: expect.stringMatching(/^FAILED: ParseException line 1:11 cannot recognize input near '\/' '\*'/),
    failure: { category: 1, type: 1003 },
  })
})
