/** An aggregate of DuckDB with what surrounds its arguments: DISTINCT, ORDER BY, FILTER, OVER. */
import type { AggregateCall } from '../../../sql/typed-tree.ts'
import type { SqlText } from '../print/text.ts'
import type { CallSite } from './translation.ts'

export interface Modifiers {
  readonly distinct: SqlText
  readonly orderBy: SqlText
  readonly filter: SqlText | undefined
  readonly over: SqlText
  readonly truncate?: AggregateCall['truncate']
}

export type AggregateTranslation = (call: CallSite, modifiers: Modifiers) => SqlText

export function aggregated(name: string, args: readonly SqlText[], modifiers: Modifiers, condition?: SqlText): SqlText {
  const conditions = [modifiers.filter, condition].filter((each) => each !== undefined)
  const filter = conditions.length === 0 ? '' : ` FILTER (WHERE ${conditions.join(' AND ')})`
  return `${name}(${modifiers.distinct}${args.join(', ')}${modifiers.orderBy})${filter}${modifiers.over}`
}
