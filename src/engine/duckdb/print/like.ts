/** LIKE. Without ESCAPE no character escapes, in DuckDB as in the language. */
import type { TypedExpression } from '../../../sql/typed-tree.ts'
import { EngineFailure } from '../../engine.ts'
import { paddedText } from './cast.ts'
import type { SqlText } from './text.ts'

export function likeText(node: TypedExpression & { kind: 'Like' }, print: (part: TypedExpression) => SqlText): SqlText {
  const operand = paddedText(print(node.operand), node.operand.type)
  const pattern = print(node.pattern)
  if (node.escape === undefined) return `(${operand} LIKE ${pattern})`
  const escapeText = constantText(node.escape)
  const constantPattern = constantText(node.pattern)
  if (escapeText !== undefined && constantPattern !== undefined) {
    checkEscapes(constantPattern, escapeText)
    return `(${operand} LIKE ${pattern} ESCAPE ${print(node.escape)})`
  }
  return `js_like(${operand}, ${pattern}, ${print(node.escape)})`
}

function constantText(node: TypedExpression): string | undefined {
  const inner = node.kind === 'Cast' && node.implicit ? node.operand : node
  return inner.kind === 'Constant' && typeof inner.value === 'string' ? inner.value : undefined
}

function checkEscapes(pattern: string, escapeText: string): void {
  const complaint = escapeComplaint(pattern, escapeText)
  if (complaint !== undefined) throw new EngineFailure('INVALID_FUNCTION_ARGUMENT', complaint)
}

/** What is wrong with a pattern's escapes, if anything. */
export function escapeComplaint(pattern: string, escapeText: string): string | undefined {
  if ([...escapeText].length !== 1) return 'Escape string must be a single character'
  const characters = [...pattern]
  for (let index = 0; index < characters.length; index++) {
    if (characters[index] !== escapeText) continue
    const next = characters[++index]
    if (next !== '%' && next !== '_' && next !== escapeText) {
      return "Escape character must be followed by '%', '_' or the escape character itself"
    }
  }
  return undefined
}
