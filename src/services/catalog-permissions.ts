/**
 * What actions on the catalog need, for all services that reach it (Glue developer guide, "Specifying Glue resource
 * ARNs"): of a table's action the catalog, the database and the table, in this order.
 */
import type { Permission } from './access.ts'

export interface Account {
  readonly region: string
  readonly accountId: string
}

/** `action` without `glue:`. */
export function onTable(action: string, database: string, table: string, account: Account): readonly Permission[] {
  return on(
    [`glue:${action}`],
    [catalogArn(account), databaseArn(database, account), tableArn(database, table, account)],
  )
}

export function onDatabase(action: string, database: string, account: Account, facts: Permission['facts'] = {}) {
  return on([`glue:${action}`], [catalogArn(account), databaseArn(database, account)], facts)
}

export function onFunction(action: string, database: string, name: string, account: Account): readonly Permission[] {
  const functionArn = `${prefix(account)}:userDefinedFunction/${database.toLowerCase()}/${name}`
  return on([`glue:${action}`], [catalogArn(account), databaseArn(database, account), functionArn])
}

export function onCatalog(action: string, account: Account): readonly Permission[] {
  return on([`glue:${action}`], [catalogArn(account)])
}

export function on(
  actions: readonly string[],
  resources: readonly string[],
  facts: Permission['facts'] = {},
): readonly Permission[] {
  return actions.flatMap((action) => resources.map((resource) => ({ action, resource, facts })))
}

// ---- arns: names of databases and tables have no case, so policies see them in lower case

const prefix = ({ region, accountId }: Account) => `arn:aws:glue:${region}:${accountId}`
export const catalogArn = (account: Account) => `${prefix(account)}:catalog`
export const databaseArn = (name: string, account: Account) => `${prefix(account)}:database/${name.toLowerCase()}`
export const tableArn = (database: string, name: string, account: Account) =>
  `${prefix(account)}:table/${database.toLowerCase()}/${name.toLowerCase()}`
