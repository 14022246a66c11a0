/** Lines as Glue's GrokSerDe reads them: a column is the field of its name. */
import { compileGrok, type Grok } from '../../formats/grok/compile.ts'
import { GrokProblem } from '../../formats/grok/problem.ts'
import { fail } from './functions/javascript/define.ts'

/** Of one scan: the format, custom patterns and the names of the columns. */
export interface GrokRules {
  readonly pattern: string
  readonly customPatterns: string
  readonly columns: readonly string[]
}

let latest: { readonly rules: string; readonly columns: readonly string[]; readonly grok: Grok } | undefined

/** A text for each column, null for one without a field; undefined: no match. `rules`: GrokRules as JSON. */
export function grokFields(line: string, rules: string): (string | null)[] | undefined {
  if (latest?.rules !== rules) latest = { rules, ...compiled(JSON.parse(rules) as GrokRules) }
  const { grok, columns } = latest
  const groups = grok.expression.exec(line)?.groups
  if (groups === undefined) return undefined
  const texts = new Map(
    grok.fields.map((field) => [
      field.name,
      field.groups.map((group) => groups[group]).find((text) => text !== undefined),
    ]),
  )
  return columns.map((column) => texts.get(column) ?? null)
}

function compiled({ pattern, customPatterns, columns }: GrokRules): { grok: Grok; columns: readonly string[] } {
  // A reference without a field fills the column of its own name: `%{SYSLOGBASE}` the column syslogbase.
  const named = pattern.replace(/%\{(\w+)\}/g, (whole, name: string) =>
    columns.includes(name.toLowerCase()) ? `%{${name}:${name}}` : whole,
  )
  try {
    return { grok: compileGrok(named, customPatterns), columns }
  } catch (error) {
    if (!(error instanceof GrokProblem)) throw error
    return fail('HIVE_INVALID_METADATA', `The grok pattern of the table cannot be used: ${error.message}`)
  }
}
