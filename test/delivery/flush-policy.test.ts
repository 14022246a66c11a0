import { expect, test } from 'vitest'
import { dueInMs, type FlushReason, flushReason } from '../../src/delivery/flush-policy.ts'

const hints = { bytesMax: 1_000, intervalMs: 60_000 }

/** [bytes, arrival of the oldest record, now, reason] */
const cases: [number, number | undefined, number, FlushReason | undefined][] = [
  [0, undefined, 1_000_000, undefined],
  [999, 0, 59_999, undefined],
  [999, 0, 60_000, 'interval'],
  [0, 0, 60_000, 'interval'],
  [1_000, 0, 0, 'size'],
  [1_000, 0, 60_000, 'size'],
  [1, 100_000, 0, undefined],
]

for (const [bytes, firstRecordAtMs, nowMs, reason] of cases) {
  test(`${bytes} bytes since ${firstRecordAtMs} are ${reason === undefined ? 'kept' : `flushed for ${reason}`} at ${nowMs}`, () => {
    expect(flushReason({ bytes, firstRecordAtMs }, hints, nowMs)).toBe(reason)
  })
}

test('an interval of 0 is always over', () => {
  expect(flushReason({ bytes: 1, firstRecordAtMs: 5 }, { bytesMax: 1_000, intervalMs: 0 }, 5)).toBe('interval')
})

test('a clock that was set back cannot make a batch wait longer than the interval', () => {
  expect(dueInMs(1_000_000, hints, 0)).toBe(60_000)
  expect(dueInMs(0, hints, 10_000)).toBe(50_000)
  expect(dueInMs(0, hints, 1_000_000)).toBe(0)
})
