/**
 * Questions about the tokens ahead, where one token does not tell the rules of the grammar apart. None of them moves the
 * cursor, and each looks at a bounded or remembered number of tokens, so parsing stays linear.
 */
import type { Cursor } from './cursor.ts'
import type { Token } from './tokens.ts'

/** After `(query)` these show that the query goes on. */
const QUERY_CONTINUES = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH'])

/**
 * Does the bracket at `open` hold a query, rather than an expression or a relation? `((SELECT 1) UNION SELECT 2)` does,
 * `((SELECT 1) + 1)` does not; in `((SELECT 1))` both readings mean the same and the answer is yes.
 */
export function isQueryAhead(cursor: Cursor, open: number): boolean {
  const { tokens, queryAhead } = cursor
  const known = queryAhead.get(open)
  if (known !== undefined) return known
  let innermost = open
  while (tokens[innermost + 1]?.word === '(') innermost += 1
  let isQuery = beginsQuery(tokens[innermost + 1], tokens[innermost + 2])
  queryAhead.set(innermost, isQuery)
  // WITH may stand only directly inside the brackets of a subquery: what is around them is no query.
  let canWrap = tokens[innermost + 1]?.word !== 'WITH'
  for (let bracket = innermost - 1; bracket >= open; bracket -= 1) {
    const follower = tokens[cursor.closing(bracket + 1) + 1]?.word ?? ''
    isQuery = isQuery && canWrap && (follower === ')' || QUERY_CONTINUES.has(follower))
    canWrap = true
    queryAhead.set(bracket, isQuery)
  }
  return isQuery
}

function beginsQuery(first: Token | undefined, second: Token | undefined): boolean {
  switch (first?.word) {
    case 'SELECT':
    case 'WITH':
    case 'VALUES':
      return true
    case 'TABLE':
      return second?.word !== '('
    default:
      return false
  }
}

/** Can this token begin an expression? Tells `SELECT ALL x` from a column named "all". */
export function beginsExpression(token: Token): boolean {
  switch (token.kind) {
    case 'end':
    case 'unrecognized':
      return false
    case 'symbol':
      return token.word === '(' || token.word === '-' || token.word === '+' || token.word === '?'
    case 'reserved':
      return RESERVED_BEGINNINGS.has(token.word)
    default:
      return true
  }
}

const RESERVED_BEGINNINGS = new Set(
  `CASE CAST CURRENT_CATALOG CURRENT_DATE CURRENT_PATH CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER EXISTS
   EXTRACT FALSE GROUPING JSON_ARRAY JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_VALUE LISTAGG LOCALTIME LOCALTIMESTAMP
   NORMALIZE NOT NULL TRIM TRUE`.split(/\s+/),
)

interface Clause {
  readonly isAhead: (second: Token, third: Token, cursor: Cursor) => boolean
  /** What would have made it a clause. */
  readonly wishes: readonly string[]
}

/**
 * Words that are names unless what follows makes a clause of them: `FROM t LIMIT 5` has no alias, `FROM t limit` has.
 */
const CLAUSES: Readonly<Record<string, Clause | undefined>> = {
  __proto__: null as never,
  LIMIT: {
    isAhead: (second) => second.kind === 'integer' || second.word === '?' || second.word === 'ALL',
    wishes: ["'?'", "'ALL'", '<integer>'],
  },
  OFFSET: { isAhead: (second) => second.kind === 'integer' || second.word === '?', wishes: ["'?'", '<integer>'] },
  FETCH: {
    isAhead: (second) => second.word === 'FIRST' || second.word === 'NEXT',
    wishes: ["'FIRST'", "'NEXT'"],
  },
  WINDOW: {
    isAhead: (second, third, cursor) => cursor.isIdentifier(second) && third.word === 'AS',
    wishes: ['<identifier>'],
  },
  TABLESAMPLE: {
    isAhead: (second) => second.word === 'BERNOULLI' || second.word === 'SYSTEM',
    wishes: ["'BERNOULLI'", "'SYSTEM'"],
  },
  MATCH_RECOGNIZE: { isAhead: (second) => second.word === '(', wishes: ["'('"] },
}

/** Does a clause begin here, so that this word is no alias? */
export function isClauseAhead(cursor: Cursor): boolean {
  const clause = CLAUSES[cursor.token.word]
  if (clause === undefined) return false
  if (clause.isAhead(cursor.ahead(1), cursor.ahead(2), cursor)) return true
  cursor.wishAhead(1, ...clause.wishes)
  return false
}
