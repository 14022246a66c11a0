import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import type { ThreadData } from '../../../../src/delivery/processing/jq/jq-thread-protocol.ts'
import { JqThreads, type JqThreadsOptions } from '../../../../src/delivery/processing/jq/jq-threads.ts'
import { startThread } from '../../../../src/platform/spawn.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

let threads: JqThreads | undefined
afterEach(async () => {
  await threads?.close()
  threads = undefined
})

function jqThreads(options: Partial<JqThreadsOptions> = {}): JqThreads {
  threads = new JqThreads({ threadsMax: 2, recordMsMax: 1_000, clock: new FakeClock(), ...options })
  return threads
}

function records(count: number, bytes = 20): Buffer[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(`{"k":${index},"pad":"${'x'.repeat(bytes)}"}`))
}

/** A thread that dies when it is given its first order of records. */
function startMortal(deaths: number, startedBefore: { count: number }) {
  return (entry: URL, data: ThreadData): Worker => {
    startedBefore.count++
    const worker = startThread(entry, data)
    if (startedBefore.count > deaths) return worker
    const post = worker.postMessage.bind(worker)
    worker.postMessage = (message: unknown) => {
      post(message)
      void worker.terminate()
    }
    return worker
  }
}

describe('jq threads', () => {
  test('none is started before there is work, and no more than allowed', async () => {
    const pool = jqThreads()
    expect(pool.count).toBe(0)
    const batches = await Promise.all(['{a:.k}', '{b:.k}', '{c:.k}'].map((query) => pool.extract(query, records(3))))
    expect(pool.count).toBe(2)
    expect(batches[2]?.[2]).toEqual({ c: '2' })
  })

  test('a batch of more than one order comes back in the order of its records', async () => {
    const many = await jqThreads().extract('{k:.k}', records(2_500, 300))
    expect(many.map((extraction) => (extraction as { k: string }).k)).toEqual(
      Array.from({ length: 2_500 }, (_, index) => String(index)),
    )
  })

  test('what a thread was at when it died is done again', async () => {
    const started = { count: 0 }
    const pool = jqThreads({ threadsMax: 1, start: startMortal(2, started) })
    expect(await pool.extract('{k:.k}', records(5))).toEqual(['0', '1', '2', '3', '4'].map((k) => ({ k })))
    expect(started.count).toBe(3)
  })

  test('a batch fails when no thread lives', async () => {
    const start = () => new Worker('throw new Error("no such thing")', { eval: true })
    await expect(jqThreads({ start }).extract('{k:.k}', records(5))).rejects.toThrow('no such thing')
  })

  test('a thread without work for a minute is let go, and started again when there is some', async () => {
    const clock = new FakeClock()
    const pool = jqThreads({ clock })
    await pool.extract('{k:.k}', records(1))
    await clock.advance(59_999)
    expect(pool.count).toBe(1)
    await clock.advance(1)
    expect(pool.count).toBe(0)
    expect(await pool.extract('{k:.k}', records(1))).toEqual([{ k: '0' }])
  })

  test('what waits when the threads are closed is rejected', async () => {
    const pool = jqThreads({ threadsMax: 1 })
    const batches = [pool.extract('{k:.k}', records(1)), pool.extract('{k:.k}', records(1)), pool.check('{}')]
    const settled = Promise.allSettled(batches)
    await pool.close()
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })
})
