/**
 * A JSON body to an operation's input: types by the shape table, blobs from base64, timestamps from epoch seconds.
 * Unknown members are ignored and null is absent. Wrong types answer SerializationException with the texts recorded
 * on AWS; a body that is no JSON answers it without text.
 */
import { isUtf8 } from 'node:buffer'
import { WireError } from '../error.ts'
import type { ServiceModel, Shape, StructureShape } from '../shape.ts'

const NESTING_MAX = 64

export function decodeJson(model: ServiceModel, shapeName: string, body: Uint8Array): Record<string, unknown> {
  const value = parse(body)
  if (value === null) return {}
  return decodeShaped({ model, scalar: decodeScalar }, shapeName, value)
}

/** How a document is read: every protocol of the JSON kind has structures, lists and maps, and scalars of its own. */
export interface Reading {
  readonly model: ServiceModel
  /** Throws SerializationException where the value is none of the shape's. */
  readonly scalar: (shape: Shape, value: unknown) => unknown
}

export function decodeShaped(reading: Reading, shapeName: string, value: unknown): Record<string, unknown> {
  return decodeStructure(reading, reading.model.shapes[shapeName] as StructureShape, value, 0)
}

function parse(body: Uint8Array): unknown {
  // Read on, the bytes would become replacement characters: other names and texts than were sent.
  if (!isUtf8(body)) throw new WireError('SerializationException', '')
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw noJson(cause)
  }
}

/** AWS says no more than that. */
export function noJson(cause?: unknown): WireError {
  return new WireError('SerializationException', '', { cause })
}

function decodeStructure(
  reading: Reading,
  shape: StructureShape,
  value: unknown,
  depth: number,
): Record<string, unknown> {
  if (Array.isArray(value)) throw serialization('Start of list found where not expected')
  if (typeof value !== 'object' || value === null) throw serialization('Expected null')
  if (depth > NESTING_MAX) throw serialization(`Nested deeper than ${NESTING_MAX}.`)
  const source = value as Readonly<Record<string, unknown>>
  const target: Record<string, unknown> = {}
  for (const key in source) {
    const member = shape.members[key]
    const memberValue = source[key]
    if (memberValue === null || member === undefined || !Object.hasOwn(shape.members, key)) continue
    target[key] = decodeValue(reading, reading.model.shapes[member.shape] as Shape, memberValue, depth + 1)
  }
  return target
}

function decodeValue(reading: Reading, shape: Shape, value: unknown, depth: number): unknown {
  switch (shape.kind) {
    case 'structure':
      return decodeStructure(reading, shape, value, depth)
    case 'list': {
      if (!Array.isArray(value)) {
        throw serialization(
          typeof value === 'object' ? 'Start of structure or map found where not expected.' : 'Expected list or null',
        )
      }
      const itemShape = reading.model.shapes[shape.member.shape] as Shape
      return value.filter((item) => item !== null).map((item) => decodeValue(reading, itemShape, item, depth + 1))
    }
    case 'map': {
      if (Array.isArray(value)) throw serialization('Start of list found where not expected')
      if (typeof value !== 'object') throw serialization('Expected null')
      const valueShape = reading.model.shapes[shape.value.shape] as Shape
      const entries = Object.entries(value as object).filter(([, entry]) => entry !== null)
      return Object.fromEntries(
        entries.map(([key, entry]) => [key, decodeValue(reading, valueShape, entry, depth + 1)]),
      )
    }
    case 'document':
      return value
    default:
      return reading.scalar(shape, value)
  }
}

function decodeScalar(shape: Shape, value: unknown): unknown {
  if (Array.isArray(value)) throw serialization('Start of list found where not expected')
  if (typeof value === 'object') throw serialization('Start of structure or map found where not expected.')
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : refuse(value, 'a String')
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : refuse(value, 'an Integer')
    case 'long':
      return typeof value === 'number' ? Math.trunc(value) : refuse(value, 'a Long')
    case 'double':
    case 'float':
      return typeof value === 'number' ? value : refuse(value, shape.kind === 'double' ? 'a Double' : 'a Float')
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(value, 'a Boolean')
    case 'timestamp':
      return typeof value === 'number' ? new Date(Math.round(value * 1000)) : refuse(value, 'milliseconds since epoch')
    case 'blob':
      return typeof value === 'string' ? decodeBase64(value) : refuse(value, 'a Blob')
    default:
      throw new Error(`A ${shape.kind} is no scalar.`)
  }
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Strict: standard alphabet, whole quartets. Text of the refusals as AWS's JSON services print them. */
export function decodeBase64(text: string): Buffer {
  if (text.length % 4 !== 0) {
    throw serialization(`Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`)
  }
  if (!BASE64.test(text)) throw invalidBase64()
  return Buffer.from(text, 'base64')
}

export function invalidBase64(): WireError {
  return serialization('Invalid base64 text')
}

function refuse(value: unknown, wanted: string): never {
  throw serialization(`${tokenName(value)} can not be converted to ${wanted}`)
}

function tokenName(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'STRING_VALUE'
    case 'boolean':
      return value ? 'TRUE_VALUE' : 'FALSE_VALUE'
    default:
      return 'NUMBER_VALUE'
  }
}

function serialization(text: string): WireError {
  return new WireError('SerializationException', text)
}
