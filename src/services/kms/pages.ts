/** Lists by page. A marker is the last name of the page before. */
export interface PageRequest {
  readonly Limit?: number
  readonly Marker?: string
}

export function pageOf<Entry>(
  { Limit, Marker = '' }: PageRequest,
  {
    limit: standard,
    read,
    nameOf,
  }: {
    limit: number
    read: (after: string, limit: number) => readonly Entry[]
    nameOf: (entry: Entry) => string
  },
): { entries: readonly Entry[]; end: { Truncated: boolean; NextMarker?: string } } {
  const limit = Limit ?? standard
  const found = read(Marker, limit + 1)
  const entries = found.slice(0, limit)
  const last = entries.at(-1)
  const isMore = found.length > limit && last !== undefined
  return { entries, end: { Truncated: isMore, ...(isMore && { NextMarker: nameOf(last) }) } }
}
