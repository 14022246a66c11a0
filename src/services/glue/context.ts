/** What Glue's operations may use. */
import type { Catalog } from '../../catalog/catalog.ts'
import type { Access } from '../access.ts'
import type { Operation } from '../operation.ts'
import type { FlowContext } from './flows/flow-context.ts'

export interface GlueContext extends FlowContext {
  readonly catalog: Catalog
  readonly access: Access
  readonly region: string
  /** Twelve digits: the default CatalogId, and the only one here. */
  readonly accountId: string
}

export type GlueOperation<Input, Output> = Operation<Input, Output, GlueContext>
