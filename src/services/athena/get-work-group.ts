import type { GetWorkGroupInput, GetWorkGroupOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromWorkgroup } from './workgroup-shape.ts'

export const getWorkGroup: AthenaOperation<GetWorkGroupInput, GetWorkGroupOutput> = async (
  { WorkGroup },
  { queries },
) => ({ WorkGroup: fromWorkgroup(queries.workgroups.named(WorkGroup)) })
