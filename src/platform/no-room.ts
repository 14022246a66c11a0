/** "No room on the disk", from the file system, from SQLite, and as the cause of another error. */
const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'diskFull'])

export function saysNoRoom(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (CODES.has((at as NodeJS.ErrnoException).code)) return true
  }
  return false
}
