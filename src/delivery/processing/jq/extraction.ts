/** From a line that the extraction program prints to partition keys, or to AWS's words for why there are none. */
import type { Complaint } from './extraction-program.ts'
import type { Extraction } from './jq-thread-protocol.ts'

/** Seen in error objects of AWS for: no such member, null, "". Nested values are as empty to it. */
export const EMPTY_KEYS = 'partitionKeys values must not be null or empty'
/** Seen there for what is not JSON, and for several documents in one record. */
export const NOT_JSON = 'Non JSON record provided'
const MESSAGE_CHARS_MAX = 2_048

/** As AWS passes on what jq says. */
export function jqFailure(text: string): string {
  return `JQ Subprocess failed due to: ${text.slice(0, MESSAGE_CHARS_MAX).trimEnd()}`
}

export function extractionOf(line: string): Extraction {
  if (!line.startsWith('[')) return partitionKeys(line)
  const complaint = JSON.parse(line) as Complaint
  if (complaint[0] !== 'error') return complaint[0] === 0 ? EMPTY_KEYS : notOneObject(complaint)
  const thrown = complaint[1]
  // A record that is alone on standard input, without a line break, is on line 0.
  const position = 'jq: error (at <stdin>:0)'
  return jqFailure(
    typeof thrown === 'string' ? `${position}: ${thrown}` : `${position} (not a string): ${JSON.stringify(thrown)}`,
  )
}

function notOneObject([results, type]: readonly [results: number, type: string]): string {
  return results > 1 ? 'The query gives more than one result' : `The query gives no JSON object but ${type}`
}

/** A member whose value is not an object or array. jq prints numbers, and we pass on what it prints. */
const MEMBER = /[{,]("(?:[^"\\]|\\.)*"):("(?:[^"\\]|\\.)*"|[-+.\w]+)/y

function partitionKeys(line: string): Extraction {
  if (line === '{}') return EMPTY_KEYS
  const keys: [name: string, value: string][] = []
  MEMBER.lastIndex = 0
  let end = 0
  for (let member = MEMBER.exec(line); member !== null; member = MEMBER.exec(line)) {
    const [, name = '', value = ''] = member
    if (value === 'null' || value === '""') return EMPTY_KEYS
    keys.push([unquoted(name), value.startsWith('"') ? unquoted(value) : value])
    end = MEMBER.lastIndex
  }
  if (end !== line.length - 1) return EMPTY_KEYS
  // Not by assignment: a key may be called __proto__.
  return Object.fromEntries(keys)
}

function unquoted(text: string): string {
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1)
}
