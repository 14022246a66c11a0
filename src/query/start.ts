/**
 * What StartQueryExecution checks before there is an execution, in Athena's order: token, workgroup, output location,
 * syntax, parameters, and the few names that are looked up at once.
 */

import type { Ids } from '../platform/ids.ts'
import { failureText, SqlFailure } from '../sql/failure.ts'
import { HiveParseException, parseStatement } from '../sql/parser/index.ts'
import type { Statement } from '../sql/tree.ts'
import type { ResultEncryption, StartRequest } from './execution.ts'
import type { QueryCatalog } from './guarded-catalog.ts'
import { checkParameterCount, parameterCount } from './parameters.ts'
import type { PreparedStatements } from './prepared-statements.ts'
import { invalidInput, refuse } from './refusal.ts'
import { DEFAULT_SCHEMA } from './run-statement.ts'
import { type StatementKind, statementKind } from './statement-kind.ts'
import { checkOutputLocation, PRIMARY, type Workgroup, type Workgroups } from './workgroups.ts'

export interface CheckedStart {
  readonly token: string
  readonly workgroup: Workgroup
  readonly outputFolder: string
  readonly encryption: ResultEncryption | undefined
  /** A failure: the text is no syntax error, but says something that cannot be run. The execution fails with it. */
  readonly statement: Statement | SqlFailure
  readonly kind: StatementKind
  /** ExecutionParameters; empty when the statement has no `?`. */
  readonly parameters: readonly string[]
}

export interface StartParts {
  readonly workgroups: Workgroups
  readonly prepared: PreparedStatements
  readonly catalog: QueryCatalog
  readonly ids: Ids
}

const TOKEN_LENGTH_MIN = 32
const TOKEN_LENGTH_MAX = 128

export async function checkStart(request: StartRequest, parts: StartParts): Promise<CheckedStart> {
  const token = checkToken(request.clientRequestToken)
  const workgroup = parts.workgroups.named(request.workgroup ?? PRIMARY)
  if (workgroup.state === 'DISABLED') throw invalidInput(`WorkGroup ${workgroup.name} is disabled.`)
  const outputFolder = outputLocation(request, workgroup)
  const encryption = resultEncryption(request, workgroup)
  const parsed = parse(request.sql)
  if (parsed instanceof SqlFailure)
    return { token, workgroup, outputFolder, encryption, statement: parsed, kind: UNPARSED_KIND, parameters: [] }
  const statement = parsed
  const prepared = statement.kind === 'Execute' ? parts.prepared.find(workgroup.name, statement.name.value) : undefined
  if (statement.kind === 'Execute' && prepared === undefined)
    throw invalidInput(`PreparedStatement ${statement.name.value} was not found in workGroup ${workgroup.name}`)
  const effective = prepared === undefined ? statement : parsePrepared(prepared.sql)
  const parameters = checkParameters(request, statement, effective)
  await checkTableIsThere(request, statement, parts)
  return {
    token,
    workgroup,
    outputFolder,
    encryption,
    statement,
    kind: statementKind(effective),
    parameters,
  }
}

function checkToken(token: string | undefined): string {
  if (token === undefined || token === '') throw invalidInput('clientRequestToken is null or empty')
  if (token.length < TOKEN_LENGTH_MIN || token.length > TOKEN_LENGTH_MAX)
    throw invalidInput(
      `clientRequestToken length should be between ${TOKEN_LENGTH_MIN} and ${TOKEN_LENGTH_MAX} characters`,
    )
  return token
}

/** An enforcing workgroup decides alone; otherwise the call's setting wins, field by field. */
function outputLocation(request: StartRequest, { settings }: Workgroup): string {
  const own = settings.isEnforced ? undefined : request.outputLocation
  const location = own ?? settings.outputLocation
  if (location === undefined || location === '')
    throw invalidInput(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    )
  checkOutputLocation(location)
  return location
}

function resultEncryption(request: StartRequest, { settings }: Workgroup): ResultEncryption | undefined {
  if (settings.isEnforced) return settings.encryption
  const encryption = request.encryption ?? settings.encryption
  if (!settings.minimumEncryption) return encryption
  const least = settings.encryption ?? LEAST_ENCRYPTION
  if (strength(encryption ?? least) < strength(least))
    throw invalidInput(
      `The workgroup asks for results to be encrypted by ${least.option} at least: ${encryption?.option} is less.`,
    )
  return encryption ?? least
}

const LEAST_ENCRYPTION: ResultEncryption = { option: 'SSE_S3' }

/** An admin's key is more than one that everybody shares. */
function strength({ option }: ResultEncryption): number {
  return option === 'SSE_S3' ? 0 : 1
}

const UNPARSED_KIND: StatementKind = { type: 'DML', subtype: 'SELECT', extension: '.csv', isHive: false }

/** Syntax errors are refused at once; whatever else the parser knows to be impossible becomes a failed execution. */
function parse(sql: string): Statement | SqlFailure {
  try {
    return parseStatement(sql)
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error
    if (error.code !== 'SYNTAX_ERROR' || error instanceof HiveParseException) return error
    throw refuse('malformedQuery', failureText(error).replace(/^SYNTAX_ERROR: /, ''))
  }
}

function parsePrepared(sql: string): Statement {
  const parsed = parse(sql)
  if (parsed instanceof SqlFailure) throw refuse('malformedQuery', failureText(parsed))
  return parsed
}

function checkParameters(request: StartRequest, statement: Statement, effective: Statement): readonly string[] {
  const given = request.parameters ?? []
  const wanted = parameterCount(effective)
  if (wanted === 0 || statement.kind === 'Prepare') return []
  const used = statement.kind === 'Execute' && statement.using.length > 0 ? statement.using.length : given.length
  checkParameterCount(wanted, used)
  return given
}

/** DESCRIBE and SHOW COLUMNS of a missing table never become an execution. */
async function checkTableIsThere(request: StartRequest, statement: Statement, parts: StartParts): Promise<void> {
  if (statement.kind === 'CreateTable' && !statement.external) {
    throw invalidInput(
      isIceberg(statement)
        ? 'Iceberg tables are not supported by this lake.'
        : 'Only external tables can be created: say CREATE EXTERNAL TABLE.',
    )
  }
  if (statement.kind === 'CreateTable' && statement.location === undefined)
    throw invalidInput('No location was specified for table. An S3 location must be specified')
  if (statement.kind !== 'Describe' && statement.kind !== 'ShowColumns') return
  const { database, name } = statement.table
  const schema = database ?? request.database ?? DEFAULT_SCHEMA
  // Who may not look is told so by the execution.
  if (request.access?.catalog?.onTable('GetTable', schema, name) !== undefined) return
  if ((await parts.catalog.findTable(schema, name)) !== undefined) return
  throw invalidInput(entityNotFound(parts.ids))
}

function isIceberg({ properties }: Extract<Statement, { kind: 'CreateTable' }>): boolean {
  return properties['table_type']?.toUpperCase() === 'ICEBERG'
}

export function entityNotFound(ids: Ids): string {
  return `Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; Request ID: ${ids.uuid()}; Proxy: null)`
}
