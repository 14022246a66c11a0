import { expect, test } from 'vitest'
import { type Execution, NO_STATISTICS, type StatementType } from '../../src/query/execution.ts'
import { QueryQueue, WAITING_MAX } from '../../src/query/queue.ts'

function statement(
  id: string,
  workgroup = 'primary',
  statementType: StatementType = 'DML',
  substatementType = 'SELECT',
) {
  const execution: Execution = {
    id,
    sql: 'SELECT 1',
    clientRequestToken: id,
    statementType,
    substatementType,
    workgroup,
    outputLocation: 's3://b/k',
    callerArn: 'arn',
    state: 'QUEUED',
    submittedAtMs: 0,
    statistics: NO_STATISTICS,
  }
  return { execution }
}

function queueOf(...items: ReturnType<typeof statement>[]) {
  const queue = new QueryQueue<ReturnType<typeof statement>>()
  for (const item of items) {
    queue.promise()
    queue.join(item)
  }
  return queue
}

function drained(queue: ReturnType<typeof queueOf>): string[] {
  const ids: string[] = []
  for (let item = queue.next(); item !== undefined; item = queue.next()) ids.push(item.execution.id)
  return ids
}

test('of one workgroup the oldest goes first, eight at once', () => {
  const queue = queueOf(...Array.from({ length: 10 }, (_, index) => statement(`q${index}`)))
  expect(drained(queue)).toEqual(['q0', 'q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7'])
  queue.ended('q3')
  expect(drained(queue)).toEqual(['q8'])
})

test('a workgroup with many statements does not keep another waiting', () => {
  const flood = Array.from({ length: 50 }, (_, index) => statement(`a${index}`, 'a'))
  const queue = queueOf(...flood, statement('b0', 'b'), statement('b1', 'b'))
  expect(drained(queue)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'a3', 'a4', 'a5'])
})

test('queries do not wait for statements of the catalog, nor those for queries', () => {
  const ddl = Array.from({ length: 6 }, (_, index) => statement(`d${index}`, 'primary', 'DDL', 'CREATE_TABLE'))
  const queue = queueOf(...ddl, statement('q'), statement('ctas', 'primary', 'DDL', 'CREATE_TABLE_AS_SELECT'))
  expect(drained(queue).sort()).toEqual(['ctas', 'd0', 'd1', 'd2', 'd3', 'q'])
})

test('no more are promised a place than there are, whether or not they have come', () => {
  const queue = queueOf()
  for (let index = 0; index < WAITING_MAX; index++) expect(queue.promise()).toBe(true)
  expect(queue.promise()).toBe(false)
  queue.giveBack()
  expect(queue.promise()).toBe(true)
})

test('what was taken out does not run', () => {
  const queue = queueOf(statement('a'), statement('b'))
  expect(queue.remove('a')?.execution.id).toBe('a')
  expect(queue.remove('a')).toBeUndefined()
  expect(drained(queue)).toEqual(['b'])
})
