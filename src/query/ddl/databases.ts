/** CREATE, DROP and ALTER DATABASE. */
import type { HiveStatement } from '../../sql/tree.ts'
import { HiveFailure } from '../failure.ts'
import { nothing, type Outcome } from '../outcome.ts'
import { type DdlContext, databaseNotFound, existingDatabase, taskFailure } from './context.ts'

type Of<Kind extends HiveStatement['kind']> = Extract<HiveStatement, { kind: Kind }>

export async function createDatabase(statement: Of<'CreateDatabase'>, context: DdlContext): Promise<Outcome> {
  const name = statement.name.name.toLowerCase()
  if ((await context.catalog.findDatabase(name)) !== undefined) {
    if (statement.ifNotExists) return nothing()
    throw taskFailure(`Database ${name} already exists`)
  }
  const { comment, location, properties } = statement
  await context.catalog.createDatabase({
    name,
    ...(comment !== undefined && { description: comment }),
    ...(location !== undefined && { locationUri: location }),
    parameters: properties,
  })
  return nothing()
}

export async function dropDatabase(statement: Of<'DropDatabase'>, context: DdlContext): Promise<Outcome> {
  const name = statement.name.name.toLowerCase()
  if ((await context.catalog.findDatabase(name)) === undefined) {
    if (statement.ifExists) return nothing()
    throw databaseNotFound(name)
  }
  if (!statement.cascade && (await context.catalog.tables(name)).length > 0)
    throw taskFailure(
      `InvalidOperationException(message:Database ${name} is not empty. One or more tables exist.)`,
      `Database ${name} is not empty. One or more tables exist.`,
    )
  await context.catalog.deleteDatabase(name)
  return nothing()
}

export async function alterDatabase(statement: Of<'AlterDatabaseProperties'>, context: DdlContext): Promise<Outcome> {
  const name = statement.name.name.toLowerCase()
  await existingDatabase(name, context)
  if (Object.keys(statement.properties).length === 0)
    throw new HiveFailure('FAILED: ParseException line 1:0 no properties')
  await context.catalog.updateDatabase(name, ({ createdAtMs: _, ...current }) => ({
    ...current,
    parameters: { ...current.parameters, ...statement.properties },
  }))
  return nothing()
}
