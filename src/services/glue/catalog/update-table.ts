import type { UpdateTableRequest, UpdateTableResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { given, toTableInput } from './table-shape.ts'

/** Replaces the whole TableInput: members left out are cleared. The name in it says which table, as on AWS. */
export const updateTable: GlueOperation<UpdateTableRequest, UpdateTableResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId', 'ViewUpdateAction', 'UpdateOpenTableFormatInput'])
  if (input.Force) throw invalidInput('Force is not offered by lakelet: leave it out.')
  const replacement = toTableInput(given(input.TableInput))
  await catalog.updateTable(input.DatabaseName, input.Name ?? replacement.name, () => replacement, {
    expectVersion: input.VersionId,
    skipArchive: input.SkipArchive ?? false,
  })
  return {}
}
