/** Database between the wire and the catalog. */
import type { Database } from '../../../catalog/types.ts'
import type { DatabaseInput, Database as WireDatabase } from '../../../wire/model/glue.ts'
import { refuseMembers } from '../unsupported.ts'

/** What Glue shows of every catalog and database outside Lake Formation. Setting anything else is refused. */
export const DEFAULT_PERMISSIONS = [
  { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] },
] as const

export function toDatabaseInput(wire: DatabaseInput): Omit<Database, 'createdAtMs'> {
  const permissions = wire.CreateTableDefaultPermissions
  const isDefault = permissions === undefined || JSON.stringify(permissions) === JSON.stringify(DEFAULT_PERMISSIONS)
  refuseMembers(wire, [
    'TargetDatabase',
    'FederatedDatabase',
    ...(isDefault ? [] : (['CreateTableDefaultPermissions'] as const)),
  ])
  return {
    name: wire.Name,
    description: wire.Description,
    locationUri: wire.LocationUri,
    parameters: wire.Parameters ?? {},
  }
}

export function fromDatabase(database: Database, accountId: string): WireDatabase {
  return {
    Name: database.name,
    Description: database.description,
    LocationUri: database.locationUri,
    Parameters: Object.keys(database.parameters).length > 0 ? database.parameters : undefined,
    CreateTime: new Date(database.createdAtMs),
    CreateTableDefaultPermissions: DEFAULT_PERMISSIONS,
    CatalogId: accountId,
  }
}
