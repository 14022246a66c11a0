import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeJson } from '../../../src/wire/aws-json/decode.ts'
import { scanPutBody } from '../../../src/wire/aws-json/put-record-scanner.ts'
import { firehoseModel } from '../../../src/wire/model/firehose.ts'

const OPERATIONS = { PutRecord: 'PutRecordInput', PutRecordBatch: 'PutRecordBatchInput' } as const
type PutOperation = keyof typeof OPERATIONS

/** undefined where the general decoder refuses. */
function general(operation: PutOperation, body: Buffer): unknown {
  try {
    return decodeJson(firehoseModel, OPERATIONS[operation], body)
  } catch {
    return undefined
  }
}

/** Where the fast path answers, the general decoder gives the same; where that refuses, the fast path is silent. */
function agree(operation: PutOperation, body: Buffer): void {
  const fast = scanPutBody(operation, body)
  if (fast !== undefined) expect(fast).toEqual(general(operation, body))
}

const blank = fc.constantFrom('', ' ', '\n', '\t ', '\r\n')
const payload = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes))

test('bodies as SDKs write them take the fast path, whatever the bytes and blanks', () => {
  fc.assert(
    fc.property(
      fc.array(payload, { maxLength: 8 }),
      fc.array(blank, { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      (payloads, blanks, nameFirst) => {
        const [a, b, c, d, e, f, g, h] = blanks
        const records = payloads
          .map((bytes) => `{${a}"Data"${b}:${c}"${bytes.toString('base64')}"${d}}`)
          .join(`${e},${f}`)
        const members = [`"DeliveryStreamName":${g}"a-b_c.1"`, `"Records":${h}[${a}${records}${b}]`]
        const text = `${c}{${d}${(nameFirst ? members : members.toReversed()).join(',')}${e}}${f}`
        const body = Buffer.from(text)
        expect(scanPutBody('PutRecordBatch', body)).toEqual({
          DeliveryStreamName: 'a-b_c.1',
          Records: payloads.map((Data) => ({ Data })),
        })
        agree('PutRecordBatch', body)
      },
    ),
  )
})

test('a body damaged anywhere is never read differently from the general decoder', () => {
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 3 }),
    insert: fc.constantFrom('', '"', '\\', '=', '-', '}', ',', '\u0000', 'é', 'A', 'null'),
  })
  fc.assert(
    fc.property(
      payload,
      payload,
      fc.array(edit, { maxLength: 3 }),
      fc.constantFrom<PutOperation>('PutRecord', 'PutRecordBatch'),
      (one, two, edits, operation) => {
        const data = (bytes: Buffer) => ({ Data: bytes.toString('base64') })
        const value = operation === 'PutRecord' ? { Record: data(one) } : { Records: [data(one), data(two)] }
        let text = JSON.stringify({ DeliveryStreamName: 'name', ...value })
        for (const { at, remove, insert } of edits) {
          const place = at % (text.length + 1)
          text = text.slice(0, place) + insert + text.slice(place + remove)
        }
        agree(operation, Buffer.from(text))
      },
    ),
    { numRuns: 2000 },
  )
})

test.each([
  '{"DeliveryStreamName":"s","Record":{"Data":"QQ=="},"Extra":1}',
  '{"DeliveryStreamName":"s\\u0041","Record":{"Data":"QQ=="}}',
  '{"DeliveryStreamName":"s","Record":{"Data":"QQ\\u003d\\u003d"}}',
  '{"DeliveryStreamName":"s","Record":{"Data":"QQ"}}',
  '{"DeliveryStreamName":"s","Record":{"Data":"Q-=="}}',
  '{"DeliveryStreamName":"s","Record":{"Data":null}}',
  '{"DeliveryStreamName":"s","Record":{"Data":"QQ=="}} x',
  '{"DeliveryStreamName":"s"',
  '',
])('%s is left to the general decoder', (text) => {
  expect(scanPutBody('PutRecord', Buffer.from(text))).toBeUndefined()
})
