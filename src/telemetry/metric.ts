/** What a metric is, to whoever records and to whoever asks. */

export interface Dimension {
  readonly name: string
  readonly value: string
}

export interface MetricName {
  readonly namespace: string
  readonly name: string
  readonly dimensions: readonly Dimension[]
}

/** One metric in one unit: what values are kept under. AWS keeps them apart too. */
export interface SeriesName extends MetricName {
  /** A word of CloudWatch's: `Count`, `Bytes`, `Milliseconds`, `None`. */
  readonly unit: string
}

export function sortedDimensions(dimensions: readonly Dimension[]): readonly Dimension[] {
  return [...dimensions].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** The same text for the same series, whatever the order of its dimensions. */
export function seriesKey({ namespace, name, dimensions, unit }: SeriesName): string {
  return JSON.stringify([
    namespace,
    name,
    unit,
    sortedDimensions(dimensions).map((dimension) => [dimension.name, dimension.value]),
  ])
}
