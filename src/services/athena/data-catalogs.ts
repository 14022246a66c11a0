/** The lake has one data catalog, its own: `AwsDataCatalog`, found under any case. */
import type { DataCatalog } from '../../wire/model/athena.ts'
import type { AthenaContext } from './context.ts'
import { invalidRequest } from './errors.ts'

const OWN_NAME = 'AwsDataCatalog'

export function checkCatalogName(name: string): void {
  if (name.toLowerCase() !== OWN_NAME.toLowerCase()) throw invalidRequest(`DataCatalog ${name} was not found`)
}

export function ownCatalog({ settings }: AthenaContext): DataCatalog {
  return { Name: OWN_NAME, Type: 'GLUE', Parameters: { 'catalog-id': settings.accountId }, Status: 'CREATE_COMPLETE' }
}

export function notOffered(operation: string): never {
  throw invalidRequest(`${operation} is not supported by this lake: ${OWN_NAME} is its only data catalog.`)
}
