/**
 * Numbered records, each made of its number alone, so that an auditor can say byte for byte what it must have become.
 * Which ones a stream drops or fails is a rule of the number too.
 */

const SHARDS = 5

export function shardOf(number: number): string {
  return `s${number % SHARDS}`
}

/** `{"n":…,"shard":…,"filler":…}`, of 60 to 460 bytes, without a line end. */
export function jsonRecord(number: number): string {
  return JSON.stringify({ n: number, shard: shardOf(number), filler: 'x'.repeat((number * 7919) % 400) })
}

/** No JSON of any kind. */
export function malformedRecord(number: number): string {
  return `malformed "n":${number}`
}

export function isMalformed(number: number): boolean {
  return number % 37 === 5
}

/** JSON, but for those that are malformed. */
export function mixedRecord(number: number): string {
  return isMalformed(number) ? malformedRecord(number) : jsonRecord(number)
}

/** The number of a record of any form. */
export function numberIn(text: string): number {
  const found = /"n":(\d+)/.exec(text)?.[1]
  if (found === undefined) throw new Error(`No record of ours: ${text.slice(0, 200)}`)
  return Number(found)
}

export type Verdict = 'Ok' | 'Dropped' | 'ProcessingFailed'

/** What the Lambda function says of a record. */
export function verdictOn(number: number): Verdict {
  if (number % 10 === 3) return 'Dropped'
  return number % 10 === 7 ? 'ProcessingFailed' : 'Ok'
}

/** What it makes of one that is Ok. */
export function transformed(record: string): string {
  return `${record.slice(0, -1)},"seen":true}\n`
}
