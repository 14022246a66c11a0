/** Rules for what becomes of a bucket's objects with time, as its owner set them. S3's meaning without S3's wire. */

export interface LifecycleFilter {
  /** Absent: every key. An empty one means the same, and is kept because it is read back. */
  readonly prefix?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Bytes; larger, or smaller, than this and not equal. */
  readonly sizeAbove?: number
  readonly sizeBelow?: number
}

/** When a current version expires: days after it was written, or a midnight. */
export type Expiration = { readonly afterDays: number } | { readonly onMs: number }

export interface LifecycleRule {
  /** Unique in its bucket. */
  readonly id: string
  readonly isEnabled: boolean
  readonly filter: LifecycleFilter
  /** How the filter was written: with the older `Prefix`, alone in a `Filter`, or with others in its `And`. */
  readonly form: 'prefix' | 'one' | 'and'
  readonly expiration?: Expiration
  /** Whether delete markers go when no version is left below them; absent: not said. */
  readonly expiresMarkers?: boolean
  readonly noncurrent?: {
    /** Days since a newer version took its place. */
    readonly afterDays: number
    /** So many of the newest noncurrent versions stay all the same. */
    readonly newestKept?: number
  }
  readonly abortsUploadsAfterDays?: number
}

export interface Lifecycle {
  readonly rules: readonly LifecycleRule[]
  /** Speaks of transitions, which there are none of; kept because it is read back. */
  readonly transitionMinimum: 'all_storage_classes_128K' | 'varies_by_storage_class'
}
