/** Tags: on workgroups only. A key that comes twice keeps its last value. */
import type { Workgroup } from '../../query/workgroups.ts'
import type { Tag } from '../../wire/model/athena.ts'
import { WireError } from '../operation.ts'
import { type AthenaContext, workgroupArn } from './context.ts'

export function toTags(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])))
}

export function fromTags(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

export function taggedWorkgroup(arn: string, context: AthenaContext): Workgroup {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const found = arn === workgroupArn(name, context) ? context.queries.workgroups.find(name) : undefined
  if (found === undefined)
    throw new WireError('ResourceNotFoundException', `Resource ${arn} was not found`, { extra: { ResourceName: arn } })
  return found
}
