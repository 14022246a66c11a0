/**
 * The `.metadata` object beside a result: the columns as a protobuf message (D4). Fields: 1 query id, 2 update type,
 * 3 update count, 4 repeated column { 1 catalog, 4 name, 5 label, 6 type, 7 precision, 8 scale, 9 nullable,
 * 10 case-sensitive }.
 */
import type { ResultColumn } from './result-column.ts'

const NULLABLE_UNKNOWN = 3

const VARINT = 0
const LENGTH_DELIMITED = 2

export function resultMetadata(id: string, columns: readonly ResultColumn[], updateCount: number | undefined): Buffer {
  return Buffer.concat([
    text(1, id),
    ...(updateCount === undefined || updateCount === 0 ? [] : [number(3, updateCount)]),
    ...columns.map((column) => bytes(4, columnMessage(column))),
  ])
}

function columnMessage(column: ResultColumn): Buffer {
  return Buffer.concat([
    text(1, 'hive'),
    text(4, column.name),
    text(5, column.name),
    text(6, column.type),
    number(7, column.precision),
    number(8, column.scale),
    number(9, NULLABLE_UNKNOWN),
    number(10, column.caseSensitive ? 1 : 0),
  ])
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value))
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | LENGTH_DELIMITED), varint(value.byteLength), value])
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint((field << 3) | VARINT), varint(value)])
}

function varint(value: number): Buffer {
  const digits: number[] = []
  let rest = value
  while (rest >= 0x80) {
    digits.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  digits.push(rest)
  return Buffer.from(digits)
}
