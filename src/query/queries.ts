/** The query stage as its services see it: executions, their results, workgroups, saved and prepared statements. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../catalog/catalog.ts'
import type { Settings } from '../config/settings.ts'
import type { Engine } from '../engine/engine.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import type { DataAccess } from './data-access.ts'
import { DataCatalogs } from './data-catalogs.ts'
import type { Execution } from './execution.ts'
import { ExecutionStore } from './execution-store.ts'
import { Executions, type KeyNamed } from './executions.ts'
import { NamedQueries } from './named-queries.ts'
import { PreparedStatements } from './prepared-statements.ts'
import { refuse } from './refusal.ts'
import { PAGE_ROWS_MAX, type ResultPage, resultPage } from './result-pages.ts'
import { QUERY_COMPONENT, QUERY_MIGRATIONS } from './schema.ts'
import { Workgroups } from './workgroups.ts'
import { WriteJournal } from './writes/write-journal.ts'

export interface QueriesParts {
  readonly database: MetadataDatabase
  readonly catalog: Catalog
  readonly objects: ObjectStore
  readonly engine: Engine
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly settings: Pick<Settings, 'region' | 'accountId'>
  /** Answers are written here before they are put into their bucket. */
  readonly stagingDirectory: string
  readonly keyNamed: KeyNamed
}

export interface ResultsRequest {
  readonly id: string
  readonly nextToken?: string
  readonly limit?: number
  /** Of the caller. undefined: nothing is asked. */
  readonly access?: DataAccess
}

export interface Results extends ResultPage {
  readonly execution: Execution
}

export async function openQueries(parts: QueriesParts): Promise<Queries> {
  parts.database.migrate(QUERY_COMPONENT, QUERY_MIGRATIONS)
  const queries = new Queries(parts)
  await mkdir(queries.stagingDirectory, { recursive: true, mode: 0o700 })
  await queries.workgroups.addPrimary()
  await queries.executions.recover()
  return queries
}

export class Queries {
  readonly executions: Executions
  readonly workgroups: Workgroups
  readonly dataCatalogs: DataCatalogs
  readonly namedQueries: NamedQueries
  readonly preparedStatements: PreparedStatements
  readonly stagingDirectory: string
  readonly #store: ExecutionStore
  readonly #objects: ObjectStore

  constructor(parts: QueriesParts) {
    const { database, clock, ids, objects } = parts
    this.stagingDirectory = join(parts.stagingDirectory, 'answers')
    this.workgroups = new Workgroups(database, clock)
    this.dataCatalogs = new DataCatalogs(database, parts.settings.accountId)
    this.namedQueries = new NamedQueries(database, ids)
    this.preparedStatements = new PreparedStatements(database, clock)
    this.#store = new ExecutionStore(database)
    this.#objects = objects
    this.executions = new Executions({
      ...parts,
      stagingDirectory: this.stagingDirectory,
      store: this.#store,
      workgroups: this.workgroups,
      dataCatalogs: this.dataCatalogs,
      prepared: this.preparedStatements,
      journal: new WriteJournal(database),
    })
  }

  /** A page of rows; refusals in Athena's order: not found, too many asked for, not finished, not succeeded, token. */
  async results(request: ResultsRequest): Promise<Results> {
    const execution = this.executions.withId(request.id)
    const limit = request.limit ?? PAGE_ROWS_MAX
    if (limit > PAGE_ROWS_MAX)
      throw refuse('invalidInput', `MaxResults is more than maximum allowed length ${PAGE_ROWS_MAX}`)
    switch (execution.state) {
      case 'QUEUED':
      case 'RUNNING':
        throw refuse('invalidExecutionState', `Query has not yet finished. Current state: ${execution.state}`)
      case 'FAILED':
        // The Hive side leaves a result object even then; its rows are not shown.
        if (isHiveExecution(execution)) return { execution, rows: [], nextToken: undefined }
        throw refuse('invalidExecutionState', 'Query did not finish successfully. Final query state: FAILED')
      case 'CANCELLED':
        throw refuse('resultNotFound', 'Could not find results')
      case 'SUCCEEDED':
        return { execution, ...(await resultPage(this.#objects, execution, { ...request, limit })) }
    }
  }

  /** Newest first. */
  executionPage(workgroup: string, before: number | undefined, limit: number) {
    this.workgroups.named(workgroup)
    return this.#store.page(workgroup, before, limit)
  }

  deleteWorkgroup(name: string, recursive: boolean): Promise<void> {
    const contents = {
      isEmpty: () =>
        this.namedQueries.count(name) + this.preparedStatements.count(name) + this.#store.count(name) === 0,
      empty: () => {
        this.namedQueries.deleteWorkgroup(name)
        this.preparedStatements.deleteWorkgroup(name)
        this.#store.deleteWorkgroup(name)
      },
    }
    return this.workgroups.delete(name, contents, recursive)
  }

  close(): Promise<void> {
    return this.executions.close()
  }
}

/** Views, CTAS and the like are DDL too, but run on the other side. */
const TRINO_SUBTYPES = new Set([
  'CREATE_VIEW',
  'DROP_VIEW',
  'SHOW_CREATE_VIEW',
  'CREATE_TABLE_AS_SELECT',
  'PREPARE',
  'DEALLOCATE',
  'SHOW_FUNCTIONS',
])

function isHiveExecution({ statementType, substatementType }: Execution): boolean {
  return statementType !== 'DML' && !TRINO_SUBTYPES.has(substatementType)
}
