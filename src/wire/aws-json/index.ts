/**
 * The aws-json protocol: POST / with `X-Amz-Target: <prefix>.<Operation>` and one JSON document each way. Spoken by
 * Firehose, Glue and Athena (1.1). Decoding includes the framework's validation, so an operation sees only input that
 * keeps the model's constraints.
 */
import type { WireError } from '../error.ts'
import type { WireResponse } from '../http.ts'
import type { ServiceModel } from '../shape.ts'
import { validationErrors } from '../validation.ts'
import { decodeJson } from './decode.ts'
import { dialectOf } from './dialects.ts'
import { encodeJson, encodeJsonError } from './encode.ts'
import { scanPutBody } from './put-record-scanner.ts'

export interface JsonCodec {
  /**
   * Throws WireError: SerializationException, or the service's validation error. Takes `body` over: the input's blobs
   * may be views of it.
   */
  decode(operation: string, body: Uint8Array): Record<string, unknown>
  encode(operation: string, output: unknown): WireResponse
  encodeError(error: WireError): WireResponse
}

export function jsonCodec(model: ServiceModel): JsonCodec {
  const dialect = dialectOf(model.signingName)
  const headers = { 'content-type': `application/x-amz-json-${model.jsonVersion ?? '1.1'}` }
  const isFirehose = model.signingName === 'firehose'

  return {
    decode(operation, body) {
      const shapeName = model.operations[operation]?.input
      if (shapeName === undefined) return {}
      const isPut = isFirehose && (operation === 'PutRecord' || operation === 'PutRecordBatch')
      const input = (isPut ? scanPutBody(operation, body) : undefined) ?? decodeJson(model, shapeName, body)
      const text = validationErrors(model, shapeName, input, dialect.validationStyle)
      if (text !== undefined) throw dialect.validationError(text)
      return input
    },
    encode: (operation, output) => ({
      status: 200,
      headers,
      body: encodeJson(model, dialect, model.operations[operation]?.output, output),
    }),
    encodeError: (error) => ({
      status: error.status,
      headers: { ...headers, ...error.headers },
      body: encodeJsonError(model, dialect, error),
    }),
  }
}
