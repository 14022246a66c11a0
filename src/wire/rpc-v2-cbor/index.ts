/**
 * Smithy's rpc-v2-cbor: `POST /service/<target prefix>/operation/<Operation>` with `smithy-protocol: rpc-v2-cbor`, and one
 * CBOR map each way (none where an operation takes nothing). Spoken by CloudWatch, which current boto3, AWS CLI and Java
 * clients ask in it. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
import { decodeShaped } from '../aws-json/decode.ts'
import { dialectOf } from '../aws-json/dialects.ts'
import { WireError } from '../error.ts'
import type { RpcCodec } from '../http.ts'
import { queryErrorHeader } from '../query/compatible.ts'
import type { ServiceModel, Shape } from '../shape.ts'
import { validationErrors } from '../validation.ts'
import { MalformedCbor, readCbor } from './read.ts'
import { writeCbor, writeCborMap } from './write.ts'

const HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }

export function cborCodec(model: ServiceModel): RpcCodec {
  const dialect = dialectOf(model.signingName)
  return {
    decode(operation, body) {
      const shapeName = model.operations[operation]?.input
      if (shapeName === undefined) return {}
      const value = body.byteLength === 0 ? {} : read(body)
      const input = decodeShaped({ model, scalar }, shapeName, value)
      const text = validationErrors(model, shapeName, input, dialect.validationStyle)
      if (text !== undefined) throw dialect.validationError(text)
      return input
    },
    encode(operation, output) {
      const shapeName = model.operations[operation]?.output
      const body = shapeName === undefined ? writeCborMap({}) : writeCbor(model, shapeName, output)
      return { status: 200, headers: HEADERS, body }
    },
    encodeError(error) {
      const messageMember = model.errors[error.code]?.messageMember || dialect.messageMember
      return {
        status: error.status,
        headers: { ...HEADERS, ...queryErrorHeader(model, error), ...error.headers },
        body: writeCborMap({ __type: error.code, ...error.extra, [messageMember]: error.message }),
      }
    },
  }
}

function read(body: Uint8Array): unknown {
  try {
    return readCbor(body)
  } catch (cause) {
    if (cause instanceof MalformedCbor) throw new WireError('SerializationException', cause.message, { cause })
    throw cause
  }
}

function scalar(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value === 'string') return value
      break
    case 'integer':
    case 'long':
      if (typeof value === 'number') return Math.trunc(value)
      if (typeof value === 'bigint') return Number(value)
      break
    case 'double':
    case 'float':
      if (typeof value === 'number') return value
      if (typeof value === 'bigint') return Number(value)
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      break
    case 'timestamp':
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value
      break
    case 'blob':
      if (value instanceof Uint8Array) return value
      break
  }
  throw new WireError('SerializationException', `A value is no ${shape.kind}.`)
}
