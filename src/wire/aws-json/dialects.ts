/** Where services speaking aws-json differ in words. Behaviour recorded on AWS, 2026. */
import { WireError } from '../error.ts'
import { defaultStyle, type ValidationStyle } from '../validation.ts'

export interface JsonDialect {
  /** How errors that the model does not list spell their text. */
  readonly messageMember: 'message' | 'Message'
  readonly validationStyle: ValidationStyle
  readonly validationError: (text: string) => WireError
}

const standard: JsonDialect = {
  messageMember: 'message',
  validationStyle: defaultStyle,
  validationError: (text) => new WireError('ValidationException', text),
}

const dialects: Readonly<Record<string, JsonDialect>> = {
  firehose: {
    ...standard,
    validationStyle: {
      values: 'hidden',
      enumOrders: { CompressionFormat: ['ZIP', 'HADOOP_SNAPPY', 'Snappy', 'GZIP', 'UNCOMPRESSED'] },
      patternTexts: { FileExtension: "^(|\\.[0-9a-z!\\-_.*'()]+)$" },
    },
  },
  glue: { ...standard, messageMember: 'Message' },
  athena: {
    ...standard,
    messageMember: 'Message',
    validationError: (text) =>
      new WireError('InvalidRequestException', text, { extra: { AthenaErrorCode: 'INVALID_INPUT' } }),
  },
}

export function dialectOf(signingName: string): JsonDialect {
  return dialects[signingName] ?? standard
}
