/** Why a record does not become a row, in AWS's words as far as they are known. */

export type ConversionErrorCode =
  | 'DataFormatConversion.ParseError'
  | 'DataFormatConversion.MalformedData'
  | 'DataFormatConversion.InvalidSchema'
  | 'DataFormatConversion.EntityNotFound'

export class BadRecord extends Error {
  readonly code: ConversionErrorCode

  constructor(code: ConversionErrorCode, message: string) {
    super(message)
    this.name = 'BadRecord'
    this.code = code
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
