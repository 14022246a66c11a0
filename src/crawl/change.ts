/** One change of the catalog that a crawl has decided on. */
import type { PartitionIndex, PartitionInput, TableInput } from '../catalog/types.ts'

export type Change =
  | { readonly kind: 'createTable'; readonly input: TableInput }
  /** `keepsVersion`: only statistics differ, so no version is archived. */
  | {
      readonly kind: 'updateTable'
      readonly table: string
      readonly expectVersion: string
      readonly input: TableInput
      readonly keepsVersion: boolean
    }
  | { readonly kind: 'deleteTable'; readonly table: string }
  | { readonly kind: 'createPartitions'; readonly table: string; readonly inputs: readonly PartitionInput[] }
  | { readonly kind: 'updatePartitions'; readonly table: string; readonly inputs: readonly PartitionInput[] }
  | { readonly kind: 'deletePartitions'; readonly table: string; readonly values: readonly (readonly string[])[] }
  | { readonly kind: 'createPartitionIndex'; readonly table: string; readonly index: PartitionIndex }
  | { readonly kind: 'deletePartitionIndex'; readonly table: string; readonly index: string }
