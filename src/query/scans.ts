/** The Scan nodes of a typed tree, also those inside subqueries of expressions. */
import type { Relation } from '../sql/typed-tree.ts'

export type ScanNode = Extract<Relation, { kind: 'Scan' }>

export function scansOf(root: Relation): ScanNode[] {
  const found: ScanNode[] = []
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) continue
    if (isScan(node)) found.push(node)
    // Declarations of functions hang in every call and hold no relations.
    else if (!('signatures' in node)) waiting.push(...Object.values(node))
  }
  return found
}

function isScan(node: object): node is ScanNode {
  return 'kind' in node && node.kind === 'Scan' && 'scanId' in node
}
