import type { GetTableRequest, GetTableResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { entityNotFound } from '../errors.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { databaseNamed } from './found.ts'
import { fromTable } from './table-shape.ts'

export const getTable: GlueOperation<GetTableRequest, GetTableResponse> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId', 'QueryAsOfTime'])
  const table = await catalog.findTable(input.DatabaseName, input.Name)
  if (table === undefined) {
    await databaseNamed(catalog, input.DatabaseName)
    throw entityNotFound('Entity Not Found')
  }
  return { Table: fromTable(table, accountId) }
}
