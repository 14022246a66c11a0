import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeJson } from '../../../src/wire/aws-json/decode.ts'
import { scanPutBody } from '../../../src/wire/aws-json/put-record-scanner.ts'
import { firehoseModel } from '../../../src/wire/model/firehose.ts'

const OPERATIONS = { PutRecord: 'PutRecordInput', PutRecordBatch: 'PutRecordBatchInput' } as const
type PutOperation = keyof typeof OPERATIONS

function general(operation: PutOperation, body: Buffer) {
  return outcome(() => decodeJson(firehoseModel, OPERATIONS[operation], body))
}

function outcome(decode: () => unknown): { value?: unknown; refusal?: string } {
  try {
    return { value: decode() }
  } catch (error) {
    return { refusal: String(error) }
  }
}

/** Where the fast path answers or refuses, so does the general decoder, and with the same. The body is taken over. */
function agree(operation: PutOperation, body: Buffer): void {
  const expected = general(operation, body)
  const fast = outcome(() => scanPutBody(operation, Buffer.from(body)))
  if (fast.value !== undefined || fast.refusal !== undefined) expect(fast).toEqual(expected)
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
        agree('PutRecordBatch', body)
        expect(scanPutBody('PutRecordBatch', body)).toEqual({
          DeliveryStreamName: 'a-b_c.1',
          Records: payloads.map((Data) => ({ Data })),
        })
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
  '{"Record":{"Data":"QQ=="},"DeliveryStreamName":"s\\u0041"}',
])('%s is left to the general decoder, untouched', (text) => {
  const body = Buffer.from(text)
  expect(scanPutBody('PutRecord', body)).toBeUndefined()
  expect(body.toString()).toBe(text)
})

test('a control character in a later record makes the body no JSON, whatever an earlier record holds', () => {
  const body = Buffer.from('{"DeliveryStreamName":"s","Records":[{"Data":"QQ=A"},{"Data":"QQ\nQ"}]}')
  expect(general('PutRecordBatch', body).refusal).not.toContain('base64')
  agree('PutRecordBatch', body)
})

test.each(['QQ=A', 'Q===', '====', 'QQ Q'])('a record that is no base64 (%s) is refused as such', (text) => {
  const body = Buffer.from(JSON.stringify({ DeliveryStreamName: 's', Records: [{ Data: 'QUJD' }, { Data: text }] }))
  expect(general('PutRecordBatch', body).refusal).toContain('base64')
  agree('PutRecordBatch', body)
})
