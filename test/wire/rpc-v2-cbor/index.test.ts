import { cbor } from '@smithy/core/cbor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WireError } from '../../../src/wire/error.ts'
import { cloudwatchModel } from '../../../src/wire/model/cloudwatch.ts'
import { cborCodec } from '../../../src/wire/rpc-v2-cbor/index.ts'
import { readCbor } from '../../../src/wire/rpc-v2-cbor/read.ts'
import { writeCbor } from '../../../src/wire/rpc-v2-cbor/write.ts'
import type { ServiceModel } from '../../../src/wire/shape.ts'

const codec = cborCodec(cloudwatchModel)
const written = (value: unknown) => cbor.serialize(value) as Uint8Array

function refusal(action: () => unknown): WireError {
  try {
    action()
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
  throw new Error('it was accepted')
}

test('input is decoded by the shapes of the model, unknown members left out', () => {
  const input = codec.decode(
    'PutMetricData',
    written({ Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 3, Values: [1.5, 2], Strange: 1 }] }),
  )
  expect(input).toEqual({ Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 3, Values: [1.5, 2] }] })
})

test('an instant comes as a Date, with milliseconds', () => {
  const bytes = Buffer.from('a1695374617274 54696d65c1fb41d452d9ec200000'.replaceAll(' ', ''), 'hex')
  const { StartTime } = refusalFree(bytes)
  expect(StartTime).toEqual(new Date('2013-03-21T20:04:00.500Z'))
})

/** The other members are missing, which is another refusal than a wrong type. */
function refusalFree(bytes: Buffer): Record<string, unknown> {
  const model: ServiceModel = {
    ...cloudwatchModel,
    shapes: {
      ...cloudwatchModel.shapes,
      GetMetricDataInput: { kind: 'structure', members: { StartTime: { shape: 'Timestamp' } } },
    },
  }
  return cborCodec(model).decode('GetMetricData', bytes)
}

test('an operation that takes nothing may come without a body', () => {
  expect(codec.decode('ListMetrics', new Uint8Array())).toEqual({})
})

test.each([
  ['no CBOR', Buffer.from([0xff])],
  ['text where a number is expected', written({ Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 'x' }] })],
  ['a number where text is expected', written({ Namespace: 1 })],
  ['bytes where a list is expected', written({ Namespace: 'n', MetricData: new Uint8Array(2) })],
])('%s is a SerializationException', (_what, body) => {
  expect(refusal(() => codec.decode('PutMetricData', body)).code).toBe('SerializationException')
})

test('constraints of the model are checked', () => {
  const error = refusal(() => codec.decode('PutMetricData', written({ MetricData: [] })))
  expect(error.message).toBe(
    "1 validation error detected: Value null at 'namespace' failed to satisfy constraint: Member must not be null",
  )
})

test('an error carries its shape in the body and its old name in a header', () => {
  const answer = codec.encodeError(new WireError('InvalidParameterValueException', 'No.'))
  expect(answer).toMatchObject({
    status: 400,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-query-error': 'InvalidParameterValue;Sender',
    },
  })
  expect(cbor.deserialize(answer.body as Uint8Array)).toEqual({
    __type: 'InvalidParameterValueException',
    message: 'No.',
  })
})

test('an operation that gives nothing gives an empty map', () => {
  expect(readCbor(codec.encode('PutMetricData', {}).body as Uint8Array)).toEqual({})
})

const shapes: ServiceModel['shapes'] = {
  Root: {
    kind: 'structure',
    members: {
      text: { shape: 'Text' },
      long: { shape: 'Long' },
      double: { shape: 'Double' },
      flag: { shape: 'Flag' },
      bytes: { shape: 'Bytes' },
      at: { shape: 'At' },
      list: { shape: 'List' },
      map: { shape: 'Map' },
      inner: { shape: 'Root' },
    },
  },
  Text: { kind: 'string' },
  Long: { kind: 'long' },
  Double: { kind: 'double' },
  Flag: { kind: 'boolean' },
  Bytes: { kind: 'blob' },
  At: { kind: 'timestamp' },
  List: { kind: 'list', member: { shape: 'Double' } },
  Map: { kind: 'map', key: { shape: 'Text' }, value: { shape: 'Text' } },
}
const model: ServiceModel = { ...cloudwatchModel, shapes }

const root = fc.letrec((tie) => ({
  root: fc.record(
    {
      text: fc.string({ maxLength: 300 }),
      long: fc.maxSafeInteger(),
      double: fc.double({ noNaN: true }),
      flag: fc.boolean(),
      bytes: fc.uint8Array({ maxLength: 2000 }),
      at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
      list: fc.array(fc.double({ noNaN: true }), { maxLength: 400 }),
      map: fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        fc.string(),
      ),
      inner: fc.oneof({ maxDepth: 3 }, fc.constant({}), tie('root')),
    },
    { requiredKeys: [] },
  ),
})).root

test('a millisecond is not lost where seconds are no round number', () => {
  const value = { at: new Date('2038-08-21T22:14:48.482Z') }
  expect(readCbor(writeCbor(model, 'Root', value))).toMatchObject(value)
})

test('what is written is read back the same, also by the client of AWS', () => {
  fc.assert(
    fc.property(root, (value) => {
      const bytes = writeCbor(model, 'Root', value)
      const ours = readCbor(bytes)
      expect(plainOf(ours)).toEqual(plainOf(value))
      // That one leaves instants as tags.
      expect(Object.keys(cbor.deserialize(bytes) as object)).toEqual(Object.keys(ours as object))
    }),
  )
})

/** Without prototypes and kinds of bytes. */
function plainOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof Date) return value.getTime()
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plainOf(entry)]))
  }
  return value
}
