import { expect, test } from 'vitest'
import type { LogFields } from '../../src/platform/log.ts'
import { TaskScope } from '../../src/platform/tasks.ts'
import { settle } from '../support/fake-clock.ts'

function recordingLog() {
  const errors: LogFields[] = []
  return {
    errors,
    info: () => undefined,
    warn: () => undefined,
    error: (_event: string, fields: LogFields = {}) => void errors.push(fields),
  }
}

test('closing tells every task to stop and waits until the last has', async () => {
  const scope = new TaskScope(recordingLog())
  const ended: string[] = []
  for (const name of ['slow', 'slower']) {
    scope.spawn(name, async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      await settle()
      ended.push(name)
    })
  }
  await scope.close()
  expect(ended.sort()).toEqual(['slow', 'slower'])
})

test('a task that fails is reported with its name', async () => {
  const log = recordingLog()
  const scope = new TaskScope(log)
  scope.spawn('crawl events', async () => {
    throw new Error('no such bucket')
  })
  await scope.close()
  expect(log.errors).toMatchObject([{ task: 'crawl events' }])
})

test('nothing starts once the scope is closed', async () => {
  const scope = new TaskScope(recordingLog())
  await scope.close()
  let started = false
  scope.spawn('late', async () => {
    started = true
  })
  expect(started).toBe(false)
})
