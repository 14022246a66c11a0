/** Names of tables that crawlers make. Pure. */
import { createHash } from 'node:crypto'

export const TABLE_NAME_LENGTH_MAX = 128

/** The last folder of the path (or the file, or the bucket), in the alphabet of table names: `a-z`, `0-9`, `_`. */
export function tableName(prefix: string, bucket: string, path: string): string {
  const last =
    path
      .split('/')
      .filter((segment) => segment !== '')
      .at(-1) ?? bucket
  return `${prefix}${last}`
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .slice(0, TABLE_NAME_LENGTH_MAX)
}

/** For a name that another source has already: 32 hexadecimal digits drawn from the location, so the same every time. */
export function distinctName(name: string, location: string): string {
  const digest = createHash('md5').update(location).digest('hex')
  return `${name.slice(0, TABLE_NAME_LENGTH_MAX - digest.length - 1)}_${digest}`
}
