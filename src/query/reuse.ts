/**
 * Results of earlier queries, used again where the caller asks for it (AWS's guide, "Reusing query results"): the same
 * text, parameters, database, catalog, workgroup and way of keeping the result, a query that gives the same each time,
 * and a result that is young enough and still there. Whether the data has changed is not looked at, as on AWS.
 */
import type { ObjectStore } from '../objects/object-store.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { DataAccess } from './data-access.ts'
import type { Execution } from './execution.ts'
import type { ExecutionStore } from './execution-store.ts'
import { parseS3Location } from './s3-location.ts'

const AGE_DEFAULT_MINUTES = 60
const MINUTE_MS = 60_000

export interface ReuseParts {
  readonly store: ExecutionStore
  readonly objects: Pick<ObjectStore, 'head'>
}

/** The execution whose result answers this one too. */
export async function reusableResult(
  execution: Execution,
  access: DataAccess | undefined,
  nowMs: number,
  { store, objects }: ReuseParts,
): Promise<Execution | undefined> {
  const { reuse } = execution
  if (reuse?.enabled !== true || execution.substatementType !== 'SELECT') return undefined
  const sinceMs = nowMs - (reuse.maxAgeMinutes ?? AGE_DEFAULT_MINUTES) * MINUTE_MS
  for (const earlier of store.succeededWith(execution.sql, execution.workgroup, sinceMs)) {
    if (earlier.result?.isRepeatable !== true || question(earlier) !== question(execution)) continue
    if (await canRead(earlier.outputLocation, access, objects)) return earlier
  }
  return undefined
}

/** All that must be equal beside the text. */
function question({ catalog, database, parameters, encryption, outputLocation }: Execution): string {
  const folder = outputLocation.slice(0, outputLocation.lastIndexOf('/'))
  return JSON.stringify([catalog, database, parameters, encryption, folder])
}

async function canRead(
  location: string,
  access: DataAccess | undefined,
  objects: Pick<ObjectStore, 'head'>,
): Promise<boolean> {
  const ref = parseS3Location(location)
  if (ref === undefined) return false
  try {
    const version = await objects.head(ref)
    return access?.bucket(version.bucket)?.read(version) === undefined
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}
