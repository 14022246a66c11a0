/** The newest objects below the fixed beginning of a prefix. */
import { type Listed, listObjects } from '../../drivers/s3.ts'

const FOLDERS_MAX = 12

/** What stands before the first expression, up to its last slash or as it is. */
export function fixedPart(prefix: string): string {
  const end = prefix.indexOf('!{')
  return end < 0 ? prefix : prefix.slice(0, end)
}

/** Goes into the folders whose names sort last: prefixes of dates grow with time. */
export async function newestObjects(bucket: string, prefix: string, max: number): Promise<readonly Listed[]> {
  const found: Listed[] = []
  const waiting = [prefix.slice(0, prefix.lastIndexOf('/') + 1)]
  const wanted = prefix
  for (let looked = 0; waiting.length > 0 && looked < FOLDERS_MAX && found.length < max; looked++) {
    const folder = waiting.pop() ?? ''
    const { items } = await listObjects(bucket, folder, undefined, looked === 0 ? wanted.slice(folder.length) : '')
    waiting.push(...items.filter(({ kind }) => kind === 'folder').map(({ key }) => key))
    found.push(...items.filter(({ kind }) => kind === 'object'))
  }
  return found.toSorted((a, b) => (b.modified?.getTime() ?? 0) - (a.modified?.getTime() ?? 0)).slice(0, max)
}
