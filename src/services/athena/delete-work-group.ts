import type { DeleteWorkGroupInput, DeleteWorkGroupOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

export const deleteWorkGroup: AthenaOperation<DeleteWorkGroupInput, DeleteWorkGroupOutput> = async (
  { WorkGroup, RecursiveDeleteOption },
  { queries },
) => {
  await queries.deleteWorkgroup(WorkGroup, RecursiveDeleteOption ?? false)
  return {}
}
