import type { UpdateWorkGroupInput, UpdateWorkGroupOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { updatedSettings } from './workgroup-shape.ts'

/** Members not sent stay; Remove… flags take one away. */
export const updateWorkGroup: AthenaOperation<UpdateWorkGroupInput, UpdateWorkGroupOutput> = async (
  { WorkGroup, Description, ConfigurationUpdates, State },
  { queries },
) => {
  await queries.workgroups.update(WorkGroup, (current) => ({
    ...current,
    ...(Description !== undefined && { description: Description }),
    ...(State !== undefined && { state: State }),
    settings: updatedSettings(current.settings, ConfigurationUpdates),
  }))
  return {}
}
