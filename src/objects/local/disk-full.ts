/** Recognises "no room" from the file system and from SQLite. */
import { Refusal } from '../../platform/refusal.ts'

const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

/** The refusal 'diskFull' when `error` means that; any other error as it is. */
export function refuseWhenFull(error: unknown): unknown {
  if (!NO_ROOM.has((error as NodeJS.ErrnoException).code)) return error
  return new Refusal('diskFull', 'There is no room left on the disk of the lake. Nothing was stored.', { cause: error })
}
