/** A column of a result. */
export interface ResultColumn {
  readonly name: string
  /** `bigint`, `varchar`: bare. */
  readonly type: string
}
