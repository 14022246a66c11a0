/** Finds the Scan nodes of a typed tree, also those inside subqueries of expressions. */
import type { ScanNode } from './scan.ts'

export function scansOf(root: unknown): ScanNode[] {
  const found: ScanNode[] = []
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) continue
    if (isScan(node)) found.push(node)
    else if (!isDeclaration(node)) waiting.push(...Object.values(node))
  }
  return found
}

function isScan(node: object): node is ScanNode {
  return 'kind' in node && node.kind === 'Scan' && 'scanId' in node
}

/** Functions' declarations hang in every call and hold no relations. */
function isDeclaration(node: object): boolean {
  return 'signatures' in node
}
