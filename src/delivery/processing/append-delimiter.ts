/** Puts a delimiter behind every record, whatever the record ends in. */
import { perRecord, withData } from './per-record.ts'
import type { Processor } from './record.ts'

/** `parameter` as the API takes it; see `delimiterText`. */
export function delimiterAppender(parameter: string): Processor {
  const delimiter = Buffer.from(delimiterText(parameter))
  return perRecord((record, { records }) => {
    const data = Buffer.allocUnsafe(record.data.byteLength + delimiter.byteLength)
    data.set(record.data)
    data.set(delimiter, record.data.byteLength)
    records.push(withData(record, data))
    return undefined
  })
}

/**
 * What is appended. Nothing given means a newline. Command lines and templates send escapes as text: a backslash and a
 * letter (`\n`), or, escaped once more on the way, two backslashes and the letter (`\\n`, as AWS's examples have it).
 */
export function delimiterText(parameter: string): string {
  if (parameter === '') return '\n'
  return parameter.replaceAll(/\\{1,2}([nrt])/g, (_, letter: string) => ESCAPES[letter] as string)
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
