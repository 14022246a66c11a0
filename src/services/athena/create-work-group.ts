import type { CreateWorkGroupInput, CreateWorkGroupOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { toTags } from './tag-shape.ts'
import { toNewSettings } from './workgroup-shape.ts'

export const createWorkGroup: AthenaOperation<CreateWorkGroupInput, CreateWorkGroupOutput> = async (
  { Name, Configuration, Description, Tags },
  { queries },
) => {
  await queries.workgroups.create({
    name: Name,
    ...(Description !== undefined && { description: Description }),
    settings: toNewSettings(Configuration),
    tags: toTags(Tags ?? []),
  })
  return {}
}
