import { expect, test } from 'vitest'
import type { ExtractOrder, FromThread, ToThread } from '../../../../src/delivery/processing/jq/jq-thread-protocol.ts'
import { RecordFeed } from '../../../../src/delivery/processing/jq/record-feed.ts'

function extractOrder(order: number, query: string, texts: readonly string[]): ExtractOrder {
  let end = 0
  const ends = texts.map((text) => {
    end += text.length
    return end
  })
  return { kind: 'extract', order, query, bytes: Buffer.from(texts.join('')), ends: new Uint32Array(ends) }
}

/** A desk with orders on it, and all that was answered there. */
function deskWith(orders: ToThread[]) {
  const answers: FromThread[] = []
  return {
    answers,
    orders,
    nextOrder(): ToThread {
      const next = orders.shift()
      if (next === undefined) throw new Error('It would wait here for ever.')
      return next
    },
    answer: (message: FromThread) => void answers.push(message),
    enter: () => undefined,
    tell: () => undefined,
  }
}

test('jq may read behind the end of its input: no order is answered twice, and none is lost', () => {
  const forOthers = extractOrder(2, '{l:.k}', ['{"k":2}'])
  const desk = deskWith([forOthers, extractOrder(3, '{l:.k}', ['{"k":3}'])])
  const feed = new RecordFeed(desk, extractOrder(1, '{k:.k}', ['no document', 'nor this']))
  const into = new Uint8Array(1_024)

  expect([feed.read(into), feed.read(into), feed.read(into)]).toEqual([0, 0, 0])
  expect(feed.next).toBe(forOthers)
  expect(desk.answers).toEqual([{ kind: 'extracted', order: 1, extractions: [expect.any(String), expect.any(String)] }])
  expect(desk.orders).toHaveLength(1)
})

test('an order for the same query goes on in the same run', () => {
  const desk = deskWith([extractOrder(2, '{k:.k}', ['{"k":7}'])])
  const feed = new RecordFeed(desk, extractOrder(1, '{k:.k}', ['no document']))
  const into = new Uint8Array(1_024)

  const read = feed.read(into)
  expect(JSON.parse(Buffer.from(into.subarray(0, read)).toString())).toEqual({ k: 7 })
  expect(feed.next).toBeUndefined()
})
