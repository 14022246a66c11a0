/**
 * The aws-json protocol: POST / with `X-Amz-Target: <prefix>.<Operation>` and one JSON document each way. Spoken by
 * Firehose, Glue, Athena, KMS and CloudWatch Logs (1.1), and by CloudWatch (1.0). Decoding includes the framework's validation, so an operation sees only input that
 * keeps the model's constraints.
 */
import type { RpcCodec } from '../http.ts'
import { queryErrorHeader } from '../query/compatible.ts'
import type { ServiceModel } from '../shape.ts'
import { validationErrors } from '../validation.ts'
import { decodeJson } from './decode.ts'
import { dialectOf } from './dialects.ts'
import { encodeJson, encodeJsonError } from './encode.ts'
import { scanPutBody } from './put-record-scanner.ts'

export function jsonCodec(model: ServiceModel): RpcCodec {
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
      headers: { ...headers, ...queryErrorHeader(model, error), ...error.headers },
      body: encodeJsonError(model, dialect, error),
    }),
  }
}
