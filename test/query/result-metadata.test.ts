import { expect, test } from 'vitest'
import { resultColumn } from '../../src/query/result-column.ts'
import { resultMetadata } from '../../src/query/result-metadata.ts'
import { bigint, varchar } from '../../src/sql/types.ts'

/** Protobuf, as far as it is used: varints and length-delimited fields. */
function fieldsOf(message: Buffer): [number, number | Buffer][] {
  const fields: [number, number | Buffer][] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 1; ; shift *= 0x80) {
      const byte = message[at++] ?? 0
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.byteLength) {
    const tag = varint()
    if ((tag & 7) === 0) fields.push([tag >> 3, varint()])
    else {
      const length = varint()
      fields.push([tag >> 3, message.subarray(at, at + length)])
      at += length
    }
  }
  return fields
}

const readable = (message: Buffer) =>
  fieldsOf(message).map(([field, value]) => [field, typeof value === 'number' ? value : value.toString()])

test('the message holds the query id and its columns', () => {
  const message = resultMetadata('some-id', [resultColumn('n', bigint), resultColumn('s', varchar)], 0)
  const [id, ...columns] = fieldsOf(message)
  expect([id?.[0], String(id?.[1])]).toEqual([1, 'some-id'])
  expect(columns.map(([field]) => field)).toEqual([4, 4])
  expect(readable(columns[0]?.[1] as Buffer)).toEqual([
    [1, 'hive'],
    [4, 'n'],
    [5, 'n'],
    [6, 'bigint'],
    [7, 19],
    [8, 0],
    [9, 3],
    [10, 0],
  ])
  expect(readable(columns[1]?.[1] as Buffer)).toContainEqual([7, 2_147_483_647])
})

test('rows changed are told when there are any', () => {
  expect(readable(resultMetadata('x', [], 300))).toEqual([
    [1, 'x'],
    [3, 300],
  ])
})
