/** "No room" as a refusal of the store. */
import { saysNoRoom } from '../../platform/no-room.ts'
import { Refusal } from '../../platform/refusal.ts'

/** The refusal 'diskFull' when `error` means that; any other error as it is. */
export function refuseWhenFull(error: unknown): unknown {
  if (!saysNoRoom(error)) return error
  return new Refusal('diskFull', 'There is no room left on the disk of the lake. Nothing was stored.', { cause: error })
}
