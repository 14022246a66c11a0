/**
 * What a query may reach: the rights of who started it, asked for table by table and object by object. Services hand it
 * in; queries never learn who asks.
 */
import type { KmsEncryption } from '../objects/encryption.ts'
import type { ObjectVersion } from '../objects/object-store.ts'
import { ReportedFailure } from './failure.ts'

/** undefined: allowed. Otherwise the sentence that says what is missing. */
export type Denial = string | undefined

/** Members that are undefined have nothing to ask, so that they cost nothing. */
export interface DataAccess {
  readonly catalog: CatalogAccess | undefined
  readonly bucket: (name: string) => BucketAccess | undefined
  readonly preparedStatements: ((action: StatementAction, workgroup: string) => Denial) | undefined
}

/** What SQL does to prepared statements, by Athena's names. */
export type StatementAction = 'GetPreparedStatement' | 'CreatePreparedStatement' | 'DeletePreparedStatement'

/** Actions of the catalog by Glue's names, which are those that people write into policies. */
export type CatalogAction =
  | 'GetDatabases'
  | 'GetDatabase'
  | 'CreateDatabase'
  | 'UpdateDatabase'
  | 'DeleteDatabase'
  | 'GetTables'
  | 'GetTable'
  | 'CreateTable'
  | 'UpdateTable'
  | 'DeleteTable'
  | 'GetPartitions'
  | 'GetPartition'
  | 'BatchCreatePartition'
  | 'UpdatePartition'
  | 'BatchDeletePartition'

export interface CatalogAccess {
  onCatalog(action: CatalogAction): Denial
  onDatabase(action: CatalogAction, database: string): Denial
  onTable(action: CatalogAction, database: string, table: string): Denial
}

/** How a result is to be kept, when it is not as its bucket says. */
export type WriteEncryption = 'AES256' | KmsEncryption

/** What the bucket itself says (its policy, its ACLs) counts too. */
export interface BucketAccess {
  list(prefix: string): Denial
  read(version: ObjectVersion): Denial
  write(key: string, encryption: WriteEncryption | undefined): Denial
}

const PERMISSION_TYPE = 1500

/** Ends an execution as FAILED (D6). */
export class AccessDenied extends ReportedFailure {
  constructor(denial: string) {
    super(`PERMISSION_DENIED: ${denial}`, { category: 2, type: PERMISSION_TYPE })
  }
}

export function refuseDenied(denial: Denial): void {
  if (denial !== undefined) throw new AccessDenied(denial)
}
