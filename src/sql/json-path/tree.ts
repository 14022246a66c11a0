/** SQL/JSON paths as parsed: `lax $.a[0 to last] ? (@.b > 1).size()`. */

export interface JsonPath {
  /** Structural mistakes (a member of no object, an index out of range) are errors; `lax` mends or skips them. */
  readonly strict: boolean
  readonly root: PathNode
  /** Names of the `$name` that stand in it. */
  readonly variables: readonly string[]
}

export type PathLiteral = null | boolean | string | bigint | number | { readonly decimal: string }

export type PathMethod = 'type' | 'size' | 'double' | 'ceiling' | 'floor' | 'abs'

export type PathNode =
  | { readonly kind: 'Literal'; readonly value: PathLiteral }
  /** `$` */
  | { readonly kind: 'Root' }
  /** `@` */
  | { readonly kind: 'Current' }
  /** `last`, inside a subscript. */
  | { readonly kind: 'Last' }
  /** `$name`, given by PASSING. */
  | { readonly kind: 'Variable'; readonly name: string }
  | { readonly kind: 'Sign'; readonly negative: boolean; readonly operand: PathNode }
  | {
      readonly kind: 'Arithmetic'
      readonly operator: '+' | '-' | '*' | '/' | '%'
      readonly left: PathNode
      readonly right: PathNode
    }
  /** Without a name: every member. */
  | { readonly kind: 'Member'; readonly base: PathNode; readonly name?: string }
  /** `..name`: members of that name however deep. */
  | { readonly kind: 'Descendants'; readonly base: PathNode; readonly name: string }
  /** Without subscripts: every element. */
  | {
      readonly kind: 'Elements'
      readonly base: PathNode
      readonly subscripts?: readonly { readonly from: PathNode; readonly to?: PathNode }[]
    }
  | { readonly kind: 'Filter'; readonly base: PathNode; readonly predicate: PathPredicate }
  | { readonly kind: 'Method'; readonly base: PathNode; readonly method: PathMethod }

export type PathComparison = '==' | '<>' | '<' | '<=' | '>' | '>='

export type PathPredicate =
  | { readonly kind: 'Not'; readonly operand: PathPredicate }
  | { readonly kind: 'And' | 'Or'; readonly left: PathPredicate; readonly right: PathPredicate }
  | {
      readonly kind: 'Comparison'
      readonly operator: PathComparison
      readonly left: PathNode
      readonly right: PathNode
    }
  | { readonly kind: 'Exists'; readonly path: PathNode }
  | { readonly kind: 'IsUnknown'; readonly operand: PathPredicate }
  | { readonly kind: 'StartsWith'; readonly whole: PathNode; readonly start: PathNode }
