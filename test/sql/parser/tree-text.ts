/**
 * Trees as one line of text, for fixtures: `Kind(field: value, …)` without positions; what is absent, false or empty is
 * left out, names and literals are short.
 */
export function treeText(node: unknown): string {
  if (Array.isArray(node)) return `[${node.map(treeText).join(', ')}]`
  if (node instanceof Uint8Array) return `X'${Buffer.from(node).toString('hex')}'`
  if (typeof node === 'string') return JSON.stringify(node)
  if (typeof node !== 'object' || node === null) return String(node)
  const { kind, at: _at, ...fields } = node as Record<string, unknown> & { readonly kind?: string }
  switch (kind) {
    case 'Identifier':
      return fields['quoted'] === true ? JSON.stringify(fields['value']) : String(fields['value'])
    case 'LongLiteral':
    case 'DecimalLiteral':
    case 'DoubleLiteral':
      return `${kind.replace('Literal', '')} ${fields['text']}`
    case 'StringLiteral':
      return `'${fields['value']}'`
    case 'BooleanLiteral':
      return String(fields['value'])
    case 'NullLiteral':
      return 'null'
    default:
      return `${kind ?? ''}(${fieldTexts(fields).join(', ')})`
  }
}

function fieldTexts(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const isAbsent = value === undefined || value === false || (Array.isArray(value) && value.length === 0)
    return isAbsent ? [] : [`${name}: ${name === 'name' && isQualified(value) ? qualified(value) : treeText(value)}`]
  })
}

const isQualified = (value: unknown): value is { readonly parts: readonly unknown[] } =>
  typeof value === 'object' && value !== null && 'parts' in value

const qualified = (name: { readonly parts: readonly unknown[] }): string => name.parts.map(treeText).join('.')
