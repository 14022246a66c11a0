/** What `lakelet scrub` finds, as it goes. Plain data: it travels as JSON, a line an event. */

/** The coarse kinds of trouble; `says` has the rest. */
export type ProblemKind =
  /** Stored bytes that are not those that were put. */
  | 'damaged'
  /** Stored bytes that are not there. */
  | 'missing'
  /** The disk did not give the bytes; it may yet. */
  | 'unreadable'
  /** Metadata that contradicts itself. */
  | 'inconsistent'
  /** A file of the store's that nothing knows. */
  | 'stray'

export interface ScrubProblem {
  readonly kind: ProblemKind
  readonly bucket?: string
  readonly key?: string
  readonly versionId?: string
  /** What is wrong. */
  readonly says: string
  /** What to do about it. */
  readonly advice: string
}

export interface ScrubFigures {
  readonly versions: number
  /** Parts of uploads that are not completed. */
  readonly parts: number
  readonly bytes: number
  readonly files: number
  /** Versions and parts under keys that are not at hand (SSE-C, keys of KMS): only that they are there, and how long. */
  readonly locked: number
  readonly problems: number
}

export type ScrubStage = 'database' | 'files' | 'objects'

export type ScrubEvent =
  | {
      readonly event: 'progress'
      readonly stage: ScrubStage
      readonly figures: ScrubFigures
      /** What is to be read in all, once it is known. */
      readonly of?: { readonly versions: number; readonly bytes: number }
    }
  | { readonly event: 'problem'; readonly problem: ScrubProblem }
  | { readonly event: 'done'; readonly figures: ScrubFigures }
