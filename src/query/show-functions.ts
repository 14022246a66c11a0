/**
 * SHOW FUNCTIONS as the query over constants that it amounts to: one row for each signature, in Trino's columns. The
 * engine answers it, so LIKE means what it means elsewhere.
 */
import { callableFunctions } from '../sql/functions/registry.ts'
import { parseStatement } from '../sql/parser/index.ts'
import type { Query, TrinoStatement } from '../sql/tree.ts'

type ShowFunctions = Extract<TrinoStatement, { kind: 'ShowFunctions' }>

const COLUMNS = ['Function', 'Return Type', 'Argument Types', 'Function Type', 'Deterministic', 'Description']

export function showFunctionsQuery({ like, escape: escapeCharacter }: ShowFunctions): Query {
  const names = COLUMNS.map((name) => `"${name}"`).join(', ')
  const rows = callableFunctions().flatMap((declaration) =>
    [declaration.name, ...declaration.aliases].flatMap((name) =>
      declaration.signatures.map(({ text }) => {
        const [argumentTypes, returnType] = typesOf(text)
        const texts = [name, returnType, argumentTypes, declaration.kind].map(literal)
        return `(${[...texts, !declaration.volatile, "''"].join(', ')})`
      }),
    ),
  )
  const filter = like === undefined ? '' : `WHERE "Function" LIKE ${literal(like)}`
  const escaped = escapeCharacter === undefined ? '' : ` ESCAPE ${literal(escapeCharacter)}`
  const sql = `SELECT * FROM (VALUES ${rows.join(', ')}) AS f(${names}) ${filter}${escaped} ORDER BY 1, 2, 3`
  const statement = parseStatement(sql)
  if (statement.kind !== 'QueryStatement') throw new Error('SHOW FUNCTIONS is a query.')
  return statement.query
}

/** `(array(T), bigint) -> T` → `array(T), bigint` and `T`. */
function typesOf(signature: string): readonly [string, string] {
  const arrow = signature.lastIndexOf(') -> ')
  return [signature.slice(1, arrow), signature.slice(arrow + ') -> '.length)]
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
