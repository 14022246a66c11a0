/** Columns of the catalog beside columns that were found: what is kept, added, widened, and the difference in words. Pure. */
import type { Column } from '../catalog/types.ts'
import { parseTypeText, typeText, widen } from '../formats/inferred-type.ts'
import { isNumberedKey } from './partition-keys.ts'
import { listed, shortened } from './sentences.ts'

/** Those of `found` that are not among `before`. */
export function added(before: readonly Column[], found: readonly Column[]): Column[] {
  const names = new Set(before.map((column) => column.name.toLowerCase()))
  return found.filter((column) => !names.has(column.name))
}

/** What people wrote on a column stays on it. */
export function keepComments(before: readonly Column[], found: readonly Column[]): readonly Column[] {
  const noted = new Map(
    before.flatMap((column) => (column.comment === undefined ? [] : [[column.name, column.comment]])),
  )
  if (noted.size === 0) return found
  return found.map((column) => {
    const comment = noted.get(column.name)
    return comment === undefined ? column : { ...column, comment }
  })
}

/**
 * When only some of the files were looked into, what an earlier run saw still counts: columns stay, types do not get
 * narrower.
 */
export function withUnseen(before: readonly Column[], found: readonly Column[]): readonly Column[] {
  const types = new Map(before.map((column) => [column.name, column.type]))
  if (found.length === before.length && found.every(({ name, type }) => types.get(name) === type)) return found
  const widened = found.map((column) => ({ ...column, type: wider(types.get(column.name), column.type) }))
  return [...widened, ...added(found, before)]
}

function wider(before: string | undefined, found: string): string {
  if (before === undefined || before === found) return found
  const [a, b] = [parseTypeText(before), parseTypeText(found)]
  return a === undefined || b === undefined ? found : typeText(widen(a, b))
}

/** What became of the columns of a table, as parts of a sentence; none when they are the same but for their order. */
export function columnChanges(before: readonly Column[], after: readonly Column[]): string[] {
  const types = new Map(before.map((column) => [column.name, column.type]))
  const fresh = added(before, after).map(({ name, type }) => `${name} ${shortened(type)}`)
  const gone = added(after, before).map(({ name }) => name)
  const changed = after.flatMap(({ name, type }) => {
    const known = types.get(name)
    return known === undefined || known === type ? [] : [`${name} from ${shortened(known)} to ${shortened(type)}`]
  })
  return [
    ...(fresh.length > 0 ? [`new columns: ${listed(fresh)}`] : []),
    ...(changed.length > 0 ? [`other types: ${listed(changed)}`] : []),
    ...(gone.length > 0 ? [`columns gone: ${listed(gone)}`] : []),
  ]
}

/** Of partition keys: one that no folder names keeps the name that somebody gave it. */
export function keepNames(before: readonly Column[], found: readonly Column[]): readonly Column[] {
  if (before.length !== found.length) return found
  return found.map((key, index) => (isNumberedKey(key.name) ? { ...key, name: before[index]?.name ?? key.name } : key))
}

export function namesOf(columns: readonly Column[]): string[] {
  return columns.map((column) => column.name)
}
