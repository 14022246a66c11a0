/** Values for `?`: how many a statement wants, and what the texts of ExecutionParameters mean (D2). */
import { SqlFailure } from '../sql/failure.ts'
import { parseExpression } from '../sql/parser/index.ts'
import type { Expression } from '../sql/tree.ts'
import { refuse } from './refusal.ts'

/** How many `?` a tree holds. */
export function parameterCount(root: object): number {
  let count = 0
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) continue
    if ('kind' in node && node.kind === 'Parameter') count++
    waiting.push(...Object.values(node))
  }
  return count
}

/** A text that reads as an expression without columns is one; any other text is itself, as a string. */
export function executionParameter(text: string): Expression {
  try {
    const expression = parseExpression(text)
    if (!namesColumns(expression)) return expression
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error
  }
  return { kind: 'StringLiteral', at: { line: 1, column: 1 }, value: text }
}

const COLUMN_KINDS = new Set(['Identifier', 'Dereference', 'Parameter'])

/** Names of functions and fields are Identifiers too, but never stand where an expression stands. */
function namesColumns(expression: Expression): boolean {
  const waiting: unknown[] = [expression]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) continue
    if ('kind' in node && COLUMN_KINDS.has(String(node.kind))) return true
    for (const [member, value] of Object.entries(node)) {
      if (member !== 'name' && member !== 'parameters' && member !== 'type') waiting.push(value)
    }
  }
  return false
}

export function checkParameterCount(wanted: number, given: number): void {
  if (wanted === given) return
  throw refuse('invalidParameterUsage', `Incorrect number of parameters: expected ${wanted} but found ${given}`)
}
