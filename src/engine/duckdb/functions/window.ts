/** Window functions: everything before OVER. */
import type { CallSite } from './translation.ts'

export type WindowTranslation = (call: CallSite, ignoreNulls: boolean) => string

const ranking =
  (name: string): WindowTranslation =>
  ({ args }) =>
    `${name}(${args.join(', ')})`

const valued =
  (name: string): WindowTranslation =>
  ({ args }, ignoreNulls) =>
    `${name}(${args.join(', ')}${ignoreNulls ? ' IGNORE NULLS' : ''})`

export const windowTranslations: Readonly<Record<string, WindowTranslation>> = {
  row_number: ranking('row_number'),
  rank: ranking('rank'),
  dense_rank: ranking('dense_rank'),
  percent_rank: ranking('percent_rank'),
  cume_dist: ranking('cume_dist'),
  ntile: ranking('ntile'),
  first_value: valued('first_value'),
  last_value: valued('last_value'),
  nth_value: valued('nth_value'),
  lag: valued('lag'),
  lead: valued('lead'),
}
