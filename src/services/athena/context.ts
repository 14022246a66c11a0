/** What Athena's operations may use. */
import type { Catalog } from '../../catalog/catalog.ts'
import type { Settings } from '../../config/settings.ts'
import type { Queries } from '../../query/queries.ts'
import type { Access, BucketPermissionsOf } from '../access.ts'
import type { Operation } from '../operation.ts'

export interface AthenaContext {
  readonly queries: Queries
  readonly catalog: Catalog
  readonly access: Access
  readonly bucketPermissionsOf: BucketPermissionsOf
  readonly settings: Pick<Settings, 'region' | 'accountId'>
}

export type AthenaOperation<Input, Output> = Operation<Input, Output, AthenaContext>

export function dataCatalogArn(name: string, { settings }: Pick<AthenaContext, 'settings'>): string {
  return `arn:aws:athena:${settings.region}:${settings.accountId}:datacatalog/${name}`
}

export function workgroupArn(name: string, { settings }: Pick<AthenaContext, 'settings'>): string {
  return `arn:aws:athena:${settings.region}:${settings.accountId}:workgroup/${name}`
}
