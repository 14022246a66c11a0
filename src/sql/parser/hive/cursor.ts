/**
 * The cursor of Hive's grammar: other names, other strings, other words when something does not fit.
 */
import type { SqlFailure } from '../../failure.ts'
import type { DdlName } from '../../tree.ts'
import { Cursor } from '../cursor.ts'
import { HiveParseException, noViableAlternative, syntaxError } from '../errors.ts'
import { HIVE_RESERVED, type Token } from '../tokens.ts'
import { hiveString } from './strings.ts'

export class HiveCursor extends Cursor {
  constructor(text: string, tokens: readonly Token[]) {
    super(text, tokens, { takesNotes: false })
    refuseComments(tokens)
  }

  override failure(): SqlFailure {
    return noViableAlternative(this.text, this.token)
  }

  /** The statement should be over. */
  expectEnd(): void {
    if (this.isKind('end')) return
    throw syntaxError(`mismatched input '${this.token.text}' expecting <EOF>`, this.at)
  }

  isName(token: Token = this.token): boolean {
    if (token.kind === 'backquoted') return token.text.length > 2
    return token.kind === 'word' && !HIVE_RESERVED.has(token.word)
  }

  /** A column, a table: bare or in back-ticks, in the case written. */
  name(): string {
    if (!this.isName()) throw this.failure()
    return textOfName(this.take())
  }

  /** Inside a type, after `struct<`: any word will do. */
  fieldName(): string {
    const { kind } = this.token
    if (kind !== 'backquoted' && kind !== 'word' && kind !== 'digits' && kind !== 'integer') throw this.failure()
    return textOfName(this.take())
  }

  /** `[database.]name`; both may stand within one pair of back-ticks, as AWS's own examples write it. */
  tableName(): DdlName {
    const { at } = this
    const first = this.name()
    if (this.accept('.')) return { database: first, name: this.name(), at }
    const dot = first.indexOf('.')
    return dot === -1 ? { name: first, at } : { database: first.slice(0, dot), name: first.slice(dot + 1), at }
  }

  databaseName(): DdlName {
    const { at } = this
    return { name: this.name(), at }
  }

  string(): string {
    if (!this.isKind('string')) throw this.failure()
    return hiveString(this.take().text)
  }

  /** `IF EXISTS` */
  ifExists(): boolean {
    if (!this.accept('IF')) return false
    this.expect('EXISTS')
    return true
  }

  /** `IF NOT EXISTS` */
  ifNotExists(): boolean {
    if (!this.accept('IF')) return false
    this.expect('NOT')
    this.expect('EXISTS')
    return true
  }

  /** `(item, …)` */
  list<Item>(item: () => Item): Item[] {
    this.expect('(')
    const items = [item()]
    while (this.accept(',')) items.push(item())
    this.expect(')')
    return items
  }

  /** `('name'='value', …)`; of equal names the last counts. */
  properties(): Readonly<Record<string, string>> {
    const pairs = this.list(() => {
      const key = this.string()
      this.expect('=')
      return [key, this.string()] as const
    })
    return Object.fromEntries(pairs)
  }
}

function textOfName(token: Token): string {
  return token.kind === 'backquoted' ? token.text.slice(1, -1).replaceAll('``', '`') : token.text
}

/** Athena hands DDL to Hive with its block comments, and Hive knows none. */
function refuseComments(tokens: readonly Token[]): void {
  const index = tokens.findIndex(
    (token, place) => token.word === '/' && tokens[place + 1]?.word === '*' && tokens[place + 1]?.start === token.end,
  )
  const token = tokens[index]
  if (token === undefined) return
  const after = tokens[index + 2]
  throw new HiveParseException(`cannot recognize input near '/' '*' '${after?.text ?? '<EOF>'}'`, token.at)
}
