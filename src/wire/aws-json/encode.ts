/** An operation's output, or an error, to a JSON body. Blobs are base64, timestamps epoch seconds with milliseconds. */
import type { WireError } from '../error.ts'
import type { ServiceModel, Shape } from '../shape.ts'
import type { JsonDialect } from './dialects.ts'

export function encodeJson(model: ServiceModel, shapeName: string | undefined, output: unknown): string {
  if (shapeName === undefined) return '{}'
  return JSON.stringify(plainValue(model, model.shapes[shapeName] as Shape, output))
}

function plainValue(model: ServiceModel, shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'structure': {
      const source = value as Readonly<Record<string, unknown>>
      const plain: Record<string, unknown> = {}
      for (const key in shape.members) {
        const memberValue = source[key]
        if (memberValue === undefined || memberValue === null) continue
        const shapeName = (shape.members[key] as { shape: string }).shape
        plain[key] = plainValue(model, model.shapes[shapeName] as Shape, memberValue)
      }
      return plain
    }
    case 'list': {
      const itemShape = model.shapes[shape.member.shape] as Shape
      return (value as readonly unknown[]).map((item) => plainValue(model, itemShape, item))
    }
    case 'map': {
      const valueShape = model.shapes[shape.value.shape] as Shape
      return Object.fromEntries(
        Object.entries(value as object).map(([key, entry]) => [key, plainValue(model, valueShape, entry)]),
      )
    }
    case 'blob': {
      const bytes = value as Uint8Array
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
    }
    case 'timestamp':
      return (value as Date).getTime() / 1000
    default:
      return value
  }
}

/**
 * `{"__type":"<Code>","message":"…"}`, the text under the name the error's shape gives it. Athena's errors carry
 * their code twice.
 */
export function encodeJsonError(model: ServiceModel, dialect: JsonDialect, error: WireError): string {
  const messageMember = model.errors[error.code]?.messageMember || dialect.messageMember
  const athenaCode = error.extra['AthenaErrorCode']
  return JSON.stringify({
    __type: error.code,
    ...(athenaCode !== undefined && { AthenaErrorCode: athenaCode, ErrorCode: athenaCode }),
    ...error.extra,
    ...(error.message !== '' && { [messageMember]: error.message }),
  })
}
