/** Why a record does not become a row, in AWS's words as far as they are known. */

export type ConversionErrorCode =
  | 'DataFormatConversion.ParseError'
  | 'DataFormatConversion.MalformedData'
  | 'DataFormatConversion.InvalidSchema'
  | 'DataFormatConversion.EntityNotFound'

/** Thrown, but no Error: to note a stack costs more than to read a record, and bad ones may come by the million. */
export class BadRecord {
  readonly code: ConversionErrorCode
  readonly message: string

  constructor(code: ConversionErrorCode, message: string) {
    this.code = code
    this.message = message
  }
}

/** Not JSON. */
export const parseError = (problem: string): BadRecord =>
  new BadRecord('DataFormatConversion.ParseError', `Encountered malformed JSON. ${problem}`)

/** JSON, but not what a column holds. */
export const malformedData = (problem: string): BadRecord =>
  new BadRecord('DataFormatConversion.MalformedData', `Data does not match the schema. ${problem}`)

/** What Java says of text that is no number. */
export const notFor = (text: string): BadRecord => malformedData(`For input string: "${text}"`)
