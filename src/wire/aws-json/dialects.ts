/** Where services speaking aws-json differ in words. Behaviour recorded on AWS, 2026. */
import { WireError } from '../error.ts'
import { defaultStyle, type ValidationStyle } from '../validation.ts'

export interface JsonDialect {
  /** How errors that the model does not list spell their text. */
  readonly messageMember: 'message' | 'Message'
  readonly validationStyle: ValidationStyle
  readonly validationError: (text: string) => WireError
  /**
   * Shapes of texts that the lake makes itself, of letters and digits alone: nothing in them needs an escape, and not
   * looking for one saves half the time that 500 record ids take.
   */
  readonly plainShapes: ReadonlySet<string>
}

const standard: JsonDialect = {
  messageMember: 'message',
  validationStyle: defaultStyle,
  validationError: (text) => new WireError('ValidationException', text),
  plainShapes: new Set(),
}

const dialects: Readonly<Record<string, JsonDialect>> = {
  firehose: {
    ...standard,
    plainShapes: new Set(['PutResponseRecordId']),
    validationStyle: {
      values: 'hidden',
      enumOrders: { CompressionFormat: ['ZIP', 'HADOOP_SNAPPY', 'Snappy', 'GZIP', 'UNCOMPRESSED'] },
      patternTexts: { FileExtension: "^(|\\.[0-9a-z!\\-_.*'()]+)$" },
    },
  },
  logs: { ...standard, validationError: (text) => new WireError('InvalidParameterException', text) },
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
