/** A refusal of one of a batch, which is an entry of Errors. */
import type { CatalogRefusal } from '../../../catalog/catalog.ts'
import { isRefusal } from '../../../platform/refusal.ts'
import type { ErrorDetail } from '../../../wire/model/glue.ts'
import { errorName } from '../errors.ts'

/** undefined: not refused. */
export async function refusalDetail(work: () => Promise<void>): Promise<ErrorDetail | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { ErrorCode: errorName(error.code as CatalogRefusal), ErrorMessage: error.message }
  }
}
