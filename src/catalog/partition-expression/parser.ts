/**
 * The tree of a partition expression.
 *
 *   or        = and { OR and }
 *   and       = not { AND not }
 *   not       = [ NOT ] ( condition | "(" or ")" )
 *   condition = column ( comparison literal | IS [NOT] NULL
 *                      | [NOT] IN "(" literal { "," literal } ")" | [NOT] BETWEEN literal AND literal | [NOT] LIKE text )
 *
 * Columns and literals may stand in parentheses.
 */
import { type Token, tokens } from './lexer.ts'
import { invalidExpression } from './refusal.ts'

export type Comparison = '=' | '<>' | '<' | '>' | '<=' | '>='

export type Expression =
  | { readonly kind: 'or' | 'and'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'compare'; readonly column: string; readonly comparison: Comparison; readonly literal: string }
  | { readonly kind: 'in'; readonly column: string; readonly literals: readonly string[] }
  | { readonly kind: 'between'; readonly column: string; readonly low: string; readonly high: string }
  | { readonly kind: 'like'; readonly column: string; readonly pattern: string }
  | { readonly kind: 'isNull'; readonly column: string }

/**
 * `names` are those of the keys, in lower case. AWS reads a bare `landing-date` as a subtraction, which it does not
 * support; Trino writes names of keys bare, so it is the key here when there is one of that name.
 */
export function parse(text: string, names: ReadonlySet<string>): Expression {
  const found = tokens(text)
  const expression = found && new Parser(found, names).whole()
  if (expression === undefined) throw invalidExpression(`Unsupported expression '${text}'`)
  return expression
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
}

const KEYWORDS = ['AND', 'OR', 'NOT', 'IN', 'BETWEEN', 'LIKE', 'IS', 'NULL']

/** Every method answers undefined where the text is not of this grammar. */
class Parser {
  readonly #tokens: readonly Token[]
  readonly #names: ReadonlySet<string>
  #at = 0

  constructor(tokens: readonly Token[], names: ReadonlySet<string>) {
    this.#tokens = tokens
    this.#names = names
  }

  whole(): Expression | undefined {
    const expression = this.#or()
    return this.#peek().kind === 'end' ? expression : undefined
  }

  #or(): Expression | undefined {
    return this.#joined('or', () => this.#joined('and', () => this.#not()))
  }

  #joined(kind: 'or' | 'and', operand: () => Expression | undefined): Expression | undefined {
    const operands: Expression[] = []
    do {
      const found = operand()
      if (found === undefined) return undefined
      operands.push(found)
    } while (this.#takeWord(kind))
    return operands.length === 1 ? operands[0] : { kind, operands }
  }

  #not(): Expression | undefined {
    if (!this.#takeWord('not')) return this.#primary()
    const operand = this.#not()
    return operand && { kind: 'not', operand }
  }

  /** A parenthesis may hold an expression or just the column of a condition: the second is tried when the first fails. */
  #primary(): Expression | undefined {
    const start = this.#at
    if (this.#takeSign('(')) {
      const inner = this.#or()
      if (inner !== undefined && this.#takeSign(')')) return inner
      this.#at = start
    }
    return this.#condition()
  }

  #condition(): Expression | undefined {
    const column = this.#inParentheses(() => this.#column())
    if (column === undefined) return undefined
    const comparison = this.#peek().kind === 'sign' ? COMPARISONS[this.#peek().text] : undefined
    if (comparison !== undefined) {
      this.#at += 1
      const literal = this.#literal()
      return literal === undefined ? undefined : { kind: 'compare', column, comparison, literal }
    }
    if (this.#takeWord('is')) {
      const isNegated = this.#takeWord('not')
      return this.#takeWord('null') ? negated(isNegated, { kind: 'isNull', column }) : undefined
    }
    const isNegated = this.#takeWord('not')
    const condition = this.#in(column) ?? this.#between(column) ?? this.#like(column)
    return condition && negated(isNegated, condition)
  }

  #in(column: string): Expression | undefined {
    if (!this.#takeWord('in') || !this.#takeSign('(')) return undefined
    const literals: string[] = []
    do {
      const literal = this.#literal()
      if (literal === undefined) return undefined
      literals.push(literal)
    } while (this.#takeSign(','))
    return this.#takeSign(')') ? { kind: 'in', column, literals } : undefined
  }

  #between(column: string): Expression | undefined {
    if (!this.#takeWord('between')) return undefined
    const low = this.#literal()
    if (!this.#takeWord('and')) return undefined
    const high = this.#literal()
    return low === undefined || high === undefined ? undefined : { kind: 'between', column, low, high }
  }

  #like(column: string): Expression | undefined {
    if (!this.#takeWord('like')) return undefined
    const pattern = this.#inParentheses(() => this.#take('text'))
    return pattern === undefined ? undefined : { kind: 'like', column, pattern }
  }

  #literal(): string | undefined {
    return this.#inParentheses(() => this.#take('text') ?? this.#take('number'))
  }

  #column(): string | undefined {
    const { kind, text } = this.#peek()
    if (kind === 'word' && KEYWORDS.includes(text.toUpperCase())) return undefined
    if (kind === 'word' && text.includes('-') && !this.#names.has(text.toLowerCase())) return undefined
    return this.#take('word') ?? this.#take('column')
  }

  #inParentheses(inner: () => string | undefined): string | undefined {
    if (!this.#takeSign('(')) return inner()
    const found = this.#inParentheses(inner)
    return this.#takeSign(')') ? found : undefined
  }

  #take(kind: Token['kind']): string | undefined {
    const token = this.#peek()
    if (token.kind !== kind) return undefined
    this.#at += 1
    return token.text
  }

  #takeSign(sign: string): boolean {
    return this.#takeIf((token) => token.kind === 'sign' && token.text === sign)
  }

  #takeWord(word: string): boolean {
    return this.#takeIf((token) => token.kind === 'word' && token.text.toLowerCase() === word)
  }

  #takeIf(matches: (token: Token) => boolean): boolean {
    if (!matches(this.#peek())) return false
    this.#at += 1
    return true
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' }
  }
}

function negated(isNegated: boolean, operand: Expression): Expression {
  return isNegated ? { kind: 'not', operand } : operand
}
