/**
 * Which of Athena's two grammars reads a statement: by its first words, comments before them skipped.
 *
 * DDL is Hive's, but for what holds a query or is about views: CREATE TABLE … AS, CREATE/DROP VIEW, SHOW CREATE VIEW.
 */
import { tokenize } from './lexer.ts'
import type { Token } from './tokens.ts'

export type Side = 'trino' | 'hive'

export function route(text: string): Side {
  return routeTokens(tokenize(text, 'trino'))
}

export function routeTokens(tokens: readonly Token[]): Side {
  const [first, second, third] = [tokens[0]?.word ?? '', tokens[1]?.word ?? '', tokens[2]?.word ?? '']
  switch (first) {
    case 'ALTER':
    case 'MSCK':
    case 'DESC':
    case 'DESCRIBE':
      return 'hive'
    case 'CREATE':
      return HIVE_CREATES.has(second) || (second === 'TABLE' && !isTableAs(tokens)) ? 'hive' : 'trino'
    case 'DROP':
      return HIVE_DROPS.has(second) ? 'hive' : 'trino'
    case 'SHOW':
      return HIVE_SHOWS.has(second) || (second === 'CREATE' && third === 'TABLE') ? 'hive' : 'trino'
    default:
      return 'trino'
  }
}

const HIVE_CREATES = new Set(['EXTERNAL', 'DATABASE', 'SCHEMA'])
const HIVE_DROPS = new Set(['TABLE', 'DATABASE', 'SCHEMA'])
const HIVE_SHOWS = new Set(['DATABASES', 'SCHEMAS', 'TABLES', 'VIEWS', 'COLUMNS', 'PARTITIONS', 'TBLPROPERTIES'])

/** `CREATE TABLE … AS query`: outside brackets an AS stands before a query, not in STORED AS or DEFINED AS. */
function isTableAs(tokens: readonly Token[]): boolean {
  let depth = 0
  return tokens.some((token, index) => {
    if (token.word === '(') depth += 1
    if (token.word === ')') depth -= 1
    if (token.word !== 'AS' || depth !== 0) return false
    const before = tokens[index - 1]?.word
    return before !== 'STORED' && before !== 'DEFINED'
  })
}
