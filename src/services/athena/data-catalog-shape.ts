/** Data catalogs between the wire and the domain. */
import type { DataCatalog } from '../../query/data-catalogs.ts'
import type { DataCatalogSummary, DataCatalog as WireCatalog } from '../../wire/model/athena.ts'

export function fromDataCatalog({ name, type, description, parameters }: DataCatalog): WireCatalog {
  return {
    Name: name,
    ...(description !== undefined && { Description: description }),
    Type: type,
    Parameters: parameters,
    Status: 'CREATE_COMPLETE',
  }
}

export function fromDataCatalogSummary({ name, type }: DataCatalog): DataCatalogSummary {
  return { CatalogName: name, Type: type, Status: 'CREATE_COMPLETE' }
}
