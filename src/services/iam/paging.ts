/** IAM's lists: at most MaxItems (100), continued after the Marker, which names the last item given. */
import { WireError } from '../operation.ts'

const ITEMS_DEFAULT = 100

interface Page<Item> {
  readonly items: readonly Item[]
  readonly IsTruncated: boolean
  readonly Marker?: string
}

/** `keyOf` is unique and the items are sorted by something stable; an item deleted meanwhile breaks no paging. */
export function page<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { Marker, MaxItems = ITEMS_DEFAULT }: { readonly Marker?: string; readonly MaxItems?: number },
): Page<Item> {
  const start = Marker === undefined ? 0 : positionOf(Marker)
  const items = all.slice(start, start + MaxItems)
  const end = start + items.length
  if (end >= all.length) return { items, IsTruncated: false }
  const last = items.at(-1)
  const marker = Buffer.from(`${end} ${last === undefined ? '' : keyOf(last)}`).toString('base64url')
  return { items, IsTruncated: true, Marker: marker }
}

function positionOf(marker: string): number {
  const position = /^(\d{1,9}) /.exec(Buffer.from(marker, 'base64url').toString('utf8'))?.[1]
  if (position === undefined) throw new WireError('ValidationError', 'Invalid Marker.')
  return Number(position)
}
