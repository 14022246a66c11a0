/** A plan as EXPLAIN shows it: text after Trino's manner, JSON, or a graph in the language of Graphviz. */
import type { PlanNode, QueryPlan } from '../engine/plan.ts'

interface Shown {
  /** Of the query's columns. */
  readonly names: readonly string[]
  /** Spent on tables and files before the engine was asked. */
  readonly lookupMs: number
}

/** `format`: TEXT (the default), JSON or GRAPHVIZ. */
export function planLines(plan: QueryPlan, format: string | undefined, shown: Shown): readonly string[] {
  switch (format) {
    case 'JSON':
      return JSON.stringify(jsonNode(plan.root, numbered(), plan.figures !== undefined), null, 2).split('\n')
    case 'GRAPHVIZ':
      return graphLines(plan.root)
    default:
      return textLines(plan, shown)
  }
}

/** One fragment: everything runs in one place. */
function textLines({ root, figures }: QueryPlan, { names, lookupMs }: Shown): readonly string[] {
  const lines: string[] = []
  if (figures !== undefined)
    lines.push(
      `Planning: ${duration(lookupMs + figures.planningMs)}, Execution: ${duration(figures.executionMs)}, Data scanned: ${figures.bytesScanned} bytes`,
    )
  lines.push('Fragment 0 [SINGLE]')
  if (figures !== undefined)
    lines.push(
      `    CPU: ${duration(figures.cpuMs)}, Output: ${rows(root)}, Peak memory: ${figures.peakMemoryBytes} bytes`,
    )
  lines.push(`    Output layout: [${names.join(', ')}]`)
  addNode(root, { own: '    ', below: '    ' }, figures?.cpuMs, lines)
  return lines
}

function addNode(
  node: PlanNode,
  indent: { readonly own: string; readonly below: string },
  totalCpuMs: number | undefined,
  lines: string[],
): void {
  lines.push(`${indent.own}${title(node)}`)
  const bar = `${indent.below}${node.children.length > 0 ? '│' : ' '}   `
  for (const detail of node.details) lines.push(`${bar}${detail}`)
  if (node.figures === undefined && node.estimatedRows !== undefined)
    lines.push(`${bar}Estimates: {rows: ${node.estimatedRows}}`)
  if (node.figures !== undefined && totalCpuMs !== undefined)
    lines.push(
      `${bar}CPU: ${duration(node.figures.cpuMs)} (${percent(node.figures.cpuMs, totalCpuMs)}), Output: ${rows(node)}`,
    )
  node.children.forEach((child, index) => {
    const isLast = index === node.children.length - 1
    addNode(
      child,
      { own: `${indent.below}${isLast ? '└─ ' : '├─ '}`, below: `${indent.below}${isLast ? '   ' : '│  '}` },
      totalCpuMs,
      lines,
    )
  })
}

function title({ name, descriptor }: PlanNode): string {
  const entries = Object.entries(descriptor).map(([key, value]) => `${key} = [${value}]`)
  return `${name}[${entries.join(', ')}]`
}

function rows({ figures }: PlanNode): string {
  return `${figures?.outputRows ?? 0} row${figures?.outputRows === 1 ? '' : 's'}`
}

function percent(part: number, whole: number): string {
  return `${(whole > 0 ? (100 * part) / whole : 0).toFixed(2)}%`
}

function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)}s`
  return ms >= 1 || ms === 0 ? `${ms.toFixed(2)}ms` : `${(ms * 1000).toFixed(2)}us`
}

/** Operators are numbered from the root down. */
function numbered(): () => string {
  let next = 0
  return () => String(next++)
}

function jsonNode(node: PlanNode, nextId: () => string, wasRun: boolean): object {
  return {
    id: nextId(),
    name: node.name,
    descriptor: node.descriptor,
    details: node.details,
    ...(wasRun
      ? { cpuTimeMillis: node.figures?.cpuMs ?? 0, outputRows: node.figures?.outputRows ?? 0 }
      : { estimates: node.estimatedRows === undefined ? [] : [{ outputRowCount: node.estimatedRows }] }),
    children: node.children.map((child) => jsonNode(child, nextId, wasRun)),
  }
}

function graphLines(root: PlanNode): readonly string[] {
  const nextId = numbered()
  const nodes: string[] = []
  const edges: string[] = []
  const add = (node: PlanNode): string => {
    const id = `plannode_${nextId()}`
    nodes.push(`${id}[label=${JSON.stringify(title(node))}, shape=record];`)
    for (const child of node.children) edges.push(`${id} -> ${add(child)};`)
    return id
  }
  add(root)
  return ['digraph logical_plan {', ...nodes, ...edges, '}']
}
