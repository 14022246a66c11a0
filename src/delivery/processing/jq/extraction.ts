/** From what jq prints for a record to partition keys, or to AWS's words for why there are none. */
import type { Extraction } from './jq-thread-protocol.ts'

/** Seen in error objects of AWS for: no such member, null, "". Nested values are as empty to it. */
const EMPTY_KEYS = 'partitionKeys values must not be null or empty'
/** Seen there for what is not JSON, and for several documents in one record. */
export const NOT_JSON = 'Non JSON record provided'
const MESSAGE_CHARS_MAX = 2_048
const SHOWN_CHARS = 100

/** As AWS passes on what jq says. */
export function jqFailure(text: string): string {
  return `JQ Subprocess failed due to: ${text.slice(0, MESSAGE_CHARS_MAX).trimEnd()}`
}

const POSITION = /^(jq: error \(at <stdin>:)\d+/

/** The results of one record and what jq has said against it. Two of its results are as bad as a thousand. */
export function extractionOf(lines: readonly string[], complaint: string): Extraction {
  // A record that is alone on standard input, without a line break, is on line 0.
  if (complaint !== '') return jqFailure(complaint.replace(POSITION, '$10'))
  const [line] = lines
  if (line === undefined) return EMPTY_KEYS
  if (lines.length > 1) return 'The query gives more than one result'
  return line.startsWith('{') ? partitionKeys(line) : `The query gives no JSON object but ${line.slice(0, SHOWN_CHARS)}`
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
