/** The one catalog there is: the account's. */
import type { Catalog } from '../../../wire/model/glue.ts'
import { type Account, catalogArn } from '../../catalog-permissions.ts'
import { DEFAULT_PERMISSIONS } from './database-shape.ts'

export function rootCatalog(account: Account): Catalog {
  return {
    CatalogId: account.accountId,
    Name: account.accountId,
    ResourceArn: catalogArn(account),
    Parameters: {},
    CreateDatabaseDefaultPermissions: DEFAULT_PERMISSIONS,
    CreateTableDefaultPermissions: DEFAULT_PERMISSIONS,
  }
}
