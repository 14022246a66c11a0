/** Which partitions a reader wants, in a form that a store can use to look at few of the others. */

export interface PartitionFilter {
  /** Whether a partition with these values is wanted. */
  matches(values: readonly string[]): boolean
  /**
   * False only if no partition with these values is wanted; undefined ones may be any. May throw where `matches` would:
   * then nothing is left out. Absent: cannot tell.
   */
  mayMatch?(values: readonly (string | undefined)[]): boolean
  /** Where values of this key (by its place among the keys) lie in wanted partitions; undefined: anywhere. */
  rangesOf?(key: number): readonly TextRange[] | undefined
}

/**
 * A range of texts by the bytes of their UTF-8: from `low` on, and below `high` (undefined: no end). `low` itself counts;
 * a range whose `high` is `endOf(low)` holds that one text.
 */
export interface TextRange {
  readonly low: Buffer
  readonly high: Buffer | undefined
}
