/** Tags: on workgroups and data catalogs. A key that comes twice keeps its last value. */
import type { Tag } from '../../wire/model/athena.ts'
import { WireError } from '../operation.ts'
import { type AthenaContext, dataCatalogArn, workgroupArn } from './context.ts'

export function toTags(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])))
}

export function fromTags(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

type Tags = Readonly<Record<string, string>>

export interface Tagged {
  readonly tags: Tags
  change(changed: (current: Tags) => Tags): Promise<unknown>
}

/** What the ARN names; ResourceNotFoundException when it is not there. */
export function tagged(arn: string, context: AthenaContext): Tagged {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const { workgroups, dataCatalogs } = context.queries
  for (const [ownArn, resources] of [
    [workgroupArn(name, context), workgroups],
    [dataCatalogArn(name, context), dataCatalogs],
  ] as const) {
    const found = arn === ownArn ? resources.find(name) : undefined
    if (found === undefined) continue
    const change: Tagged['change'] = (changed) =>
      resources === workgroups
        ? workgroups.update(name, (current) => ({ ...current, tags: changed(current.tags) }))
        : dataCatalogs.update(name, (current) => ({ ...current, tags: changed(current.tags) }))
    return { tags: found.tags, change }
  }
  throw new WireError('ResourceNotFoundException', `Resource ${arn} was not found`, { extra: { ResourceName: arn } })
}
