import type { GetCatalogImportStatusRequest, GetCatalogImportStatusResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'

/** Athena's own catalog of before 2017 never was here: there is nothing to import. */
export const getCatalogImportStatus: GlueOperation<
  GetCatalogImportStatusRequest,
  GetCatalogImportStatusResponse
> = async (input, { accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  return { ImportStatus: { ImportCompleted: true } }
}
