/**
 * What the journal's lanes of a stream hold: records on their way to one kind of object. A lane's name is what the journal
 * keeps, so that it means the same to the next process.
 */
import { MAIN_LANE } from './journal/batches.ts'
import type { ErrorOutputType, PartitionKeys } from './processing/record.ts'

export type Lane =
  /** Records as they came: objects themselves, or steps for the processors. */
  | { readonly kind: 'main' }
  /** Processed records of one partition; without dynamic partitioning all of them. */
  | { readonly kind: 'data'; readonly partitionKeys: PartitionKeys }
  /** Lines about records that failed. */
  | { readonly kind: 'error'; readonly outputType: ErrorOutputType }
  /** Records as they came, for the backup. */
  | { readonly kind: 'backup' }

export function laneName(lane: Lane): string {
  switch (lane.kind) {
    case 'main':
      return MAIN_LANE
    case 'data':
      return JSON.stringify(['data', sorted(lane.partitionKeys.fromQuery), sorted(lane.partitionKeys.fromLambda)])
    case 'error':
      return JSON.stringify(['error', lane.outputType])
    case 'backup':
      return JSON.stringify(['backup'])
  }
}

type Pairs = readonly (readonly [string, string])[]

export function laneNamed(name: string): Lane {
  if (name === MAIN_LANE) return { kind: 'main' }
  const [kind, ...rest] = JSON.parse(name) as [Lane['kind'], ...unknown[]]
  switch (kind) {
    case 'data': {
      const [fromQuery, fromLambda] = rest as [Pairs, Pairs]
      return {
        kind,
        partitionKeys: {
          ...(fromQuery.length > 0 && { fromQuery: Object.fromEntries(fromQuery) }),
          ...(fromLambda.length > 0 && { fromLambda: Object.fromEntries(fromLambda) }),
        },
      }
    }
    case 'error':
      return { kind, outputType: rest[0] as ErrorOutputType }
    default:
      return { kind: 'backup' }
  }
}

function sorted(keys: Readonly<Record<string, string>> = {}): Pairs {
  return Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1))
}
