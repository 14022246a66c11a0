/** Literals that can be wrong: their text is read here, and refused with the place when it is no value. */

import { parseTypeText } from '../functions/signature.ts'
import { integerLiteral, intervalLiteral, literalReader, tooManyDigits } from '../literals.ts'
import type { Expression, Position } from '../tree.ts'
import type { TypedExpression } from '../typed-tree.ts'
import { coerced, refuse } from './analysis.ts'

type NodeOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

export function integerConstant(text: string, at: Position): TypedExpression {
  const literal = integerLiteral(text)
  if (literal === undefined) return refuse('SYNTAX_ERROR', at, `Invalid numeric literal: ${text}`)
  return { kind: 'Constant', ...literal }
}

/** `DECIMAL '1.50'`, `DATE '2024-01-31'`, `VARCHAR(5) 'abc'`. */
export function genericLiteral(node: NodeOf<'GenericLiteral'>): TypedExpression {
  const name = node.type.toLowerCase().replace('double precision', 'double')
  const base = name.replace(/\(.*?\)/, '').trim()
  const read = literalReader(base)
  if (read === undefined) return refuse('TYPE_NOT_FOUND', node.at, `Unknown type: ${node.type}`)
  const literal = read(node.value)
  if (literal === undefined) {
    const digits = tooManyDigits(base, node.value)
    if (digits !== undefined) return refuse('NUMERIC_VALUE_OUT_OF_RANGE', node.at, digits)
    return refuse('INVALID_LITERAL', node.at, `'${node.value}' is not a valid ${base.toUpperCase()} literal`)
  }
  const constant: TypedExpression = { kind: 'Constant', ...literal }
  const declared = name.includes('(') ? parseTypeText(name) : undefined
  return declared === undefined ? constant : coerced(constant, declared)
}

export function intervalConstant(node: NodeOf<'IntervalLiteral'>): TypedExpression {
  const literal = intervalLiteral(node.value, node.sign, node.from, node.to)
  if (literal !== undefined) return { kind: 'Constant', ...literal }
  const qualifier = node.to === undefined ? node.from : `${node.from} TO ${node.to}`
  return refuse('INVALID_LITERAL', node.at, `Invalid INTERVAL ${qualifier} value: ${node.value}`)
}
