/** Bytes that are not what their signature or name says. Ends in a reason, never in a failed crawl. */
export class CorruptData extends Error {
  /** `what` is wrong, as a sentence without its end: `the gzip data is corrupt (…)`. */
  constructor(what: string, cause?: unknown) {
    super(what, { cause })
    this.name = 'CorruptData'
  }
}

export function corrupt(format: string, problem: string, cause?: unknown): CorruptData {
  return new CorruptData(`the ${format} data is corrupt (${problem})`, cause)
}
