/** Whether two entries of the catalog say the same: a member that is undefined is no member. Pure. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]))
    )
  return holds(a as Fields, b as Fields) && holds(b as Fields, a as Fields)
}

type Fields = Readonly<Record<string, unknown>>

function holds(a: Fields, b: Fields): boolean {
  for (const name in a) if (a[name] !== undefined && !isSame(a[name], b[name])) return false
  return true
}
