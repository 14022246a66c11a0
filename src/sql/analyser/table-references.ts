/**
 * Which tables a query reads, before anything is known about them: what a caller must look up to analyse it. Names that
 * mean a WITH table are left out. Walks the parsed tree without recursion, so depth costs no stack.
 */
import type { NamedQuery, QualifiedName, Query } from '../tree.ts'

/** Each name once, in the order of first appearance; unresolved, with one to four parts. */
export function tableReferences(query: Query): QualifiedName[] {
  const found = new Map<string, QualifiedName>()
  for (const name of namesRead(query, new Set())) {
    const key = name.parts.map((part) => part.value.toLowerCase()).join('.')
    if (!found.has(key)) found.set(key, name)
  }
  return [...found.values()]
}

/** Whether `name`, unqualified, is read anywhere below and means a table from outside. */
export function readsTable(node: object, name: string): boolean {
  return namesRead(node, new Set()).some(
    (read) => read.parts.length === 1 && read.parts[0]?.value.toLowerCase() === name,
  )
}

type Names = ReadonlySet<string>

function namesRead(root: object, withTables: Names): QualifiedName[] {
  const found: QualifiedName[] = []
  const pending: { readonly node: unknown; readonly hidden: Names }[] = [{ node: root, hidden: withTables }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, hidden } = next
    if (Array.isArray(node)) {
      for (const item of [...node].reverse()) pending.push({ node: item, hidden })
    } else if (isNode(node)) {
      if (node.kind === 'Table' || node.kind === 'TableQuery') {
        const name = node.name as QualifiedName
        if (!isHidden(name, hidden)) found.push(name)
      } else if (node.kind === 'Query') {
        pending.push(...partsOfQuery(node as unknown as Query, hidden).reverse())
      } else {
        for (const value of Object.values(node).reverse()) pending.push({ node: value, hidden })
      }
    }
  }
  return found
}

/** Each WITH query sees those before it; a recursive one sees itself too. */
function partsOfQuery(query: Query, hidden: Names): { node: unknown; hidden: Names }[] {
  const parts: { node: unknown; hidden: Names }[] = []
  let visible = hidden
  for (const named of query.with?.queries ?? ([] as readonly NamedQuery[])) {
    const withSelf = new Set([...visible, named.name.value.toLowerCase()])
    parts.push({ node: named.query, hidden: query.with?.recursive ? withSelf : visible })
    visible = withSelf
  }
  const { with: _tables, ...rest } = query
  parts.push({ node: Object.values(rest), hidden: visible })
  return parts
}

function isHidden(name: QualifiedName, hidden: Names): boolean {
  const [only] = name.parts
  return name.parts.length === 1 && only !== undefined && hidden.has(only.value.toLowerCase())
}

function isNode(value: unknown): value is { readonly kind?: string; readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}
