/**
 * Partition keys and values from the names of folders: `key=value` folders name their key, other folders are
 * `partition_<depth>`. Values are URL-decoded. Pure.
 */
export interface PartitionKey {
  readonly name: string
  /** The folders say it themselves: `key=value`. */
  readonly isNamed: boolean
}

/** Capturing: key, value. */
export const NAMED_LEVEL = /^([^=]+)=(.*)$/s

/** `paths`: the names of folders from the table down to each partition, all of one length. */
export function partitionKeys(paths: readonly (readonly string[])[]): PartitionKey[] {
  const depth = paths[0]?.length ?? 0
  const taken = new Set<string>()
  return Array.from({ length: depth }, (_, level) => {
    const names = new Set(paths.map((levels) => keyOf(levels[level] ?? '')))
    const [name] = names
    const isNamed = names.size === 1 && name !== undefined
    let free = isNamed && !taken.has(name) ? name : `partition_${level}`
    while (taken.has(free)) free = `${free}_${level}`
    taken.add(free)
    return { name: free, isNamed }
  })
}

/** The key that a folder names, in lower case. */
export function keyOf(level: string): string | undefined {
  const name = NAMED_LEVEL.exec(level)?.[1]
  return name === undefined ? undefined : decoded(name).toLowerCase()
}

export function partitionValue(level: string, isNamed: boolean): string {
  return decoded(isNamed ? level.slice(level.indexOf('=') + 1) : level)
}

/** The crawler gave it: nothing in the folders' names did. */
export function isNumberedKey(name: string): boolean {
  return /^partition_\d+$/.test(name)
}

/** URL-decoded; as it stands where it is not valid URL encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
