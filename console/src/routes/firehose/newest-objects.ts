/** The newest objects below the fixed beginning of a prefix. */
import { type Listed, listObjects } from '../../drivers/s3.ts'

const FOLDERS_MAX = 12
/** Of a thousand objects; a folder of a day has more only when they come faster than every two seconds. */
const PAGES_MAX = 50

/** What stands before the first expression, up to its last slash or as it is. */
export function fixedPart(prefix: string): string {
  const end = prefix.indexOf('!{')
  return end < 0 ? prefix : prefix.slice(0, end)
}

/** Goes into the folders whose names sort last: prefixes of dates grow with time. */
export async function newestObjects(bucket: string, prefix: string, max: number): Promise<readonly Listed[]> {
  const found: Listed[] = []
  const top = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const waiting = [top]
  for (let looked = 0; waiting.length > 0 && looked < FOLDERS_MAX && found.length < max; looked++) {
    const folder = waiting.pop() ?? ''
    const items = await wholeFolder(bucket, folder, looked === 0 ? prefix.slice(top.length) : '')
    waiting.push(...items.filter(({ kind }) => kind === 'folder').map(({ key }) => key))
    found.push(...items.filter(({ kind }) => kind === 'object'))
  }
  const atMs = ({ modified }: Listed) => modified?.getTime() ?? 0
  return found.toSorted((a, b) => atMs(b) - atMs(a) || (a.key < b.key ? 1 : -1)).slice(0, max)
}

/** To its end: names begin with the time, so the newest are listed last. */
async function wholeFolder(bucket: string, folder: string, search: string): Promise<readonly Listed[]> {
  const items: Listed[] = []
  let token: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items: listed, next } = await listObjects(bucket, folder, token, search)
    items.push(...listed)
    if (next === undefined) break
    token = next
  }
  return items
}
