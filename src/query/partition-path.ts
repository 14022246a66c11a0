/** Folders of partitions: `k=v/k2=v2`, with the characters that Hive writes as `%XX`. */
import type { Table } from '../catalog/types.ts'

const ESCAPED = /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g

export function partitionFolder(table: Pick<Table, 'partitionKeys'>, values: readonly string[]): string {
  return table.partitionKeys.map((key, index) => `${key.name}=${escapePath(values[index] ?? '')}`).join('/')
}

function escapePath(value: string): string {
  return value.replace(
    ESCAPED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

export function unescapePath(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
