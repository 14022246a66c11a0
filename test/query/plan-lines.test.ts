import { expect, test } from 'vitest'
import type { PlanNode, QueryPlan } from '../../src/engine/plan.ts'
import { planLines } from '../../src/query/plan-lines.ts'

const node = (name: string, rest: Partial<PlanNode> = {}): PlanNode => ({
  name,
  descriptor: {},
  details: [],
  children: [],
  ...rest,
})
const shown = { names: ['a', 'b'], lookupMs: 2 }

const planned: QueryPlan = {
  root: node('Output', {
    descriptor: { columnNames: 'a, b' },
    children: [
      node('InnerJoin', {
        descriptor: { criteria: 'x = y' },
        estimatedRows: 7,
        children: [
          node('TableScan', { descriptor: { table: 'awsdatacatalog:d:t' }, details: ['Files: 3, 90 bytes'] }),
          node('Values', { estimatedRows: 1 }),
        ],
      }),
    ],
  }),
}

const run: QueryPlan = {
  root: node('Output', {
    figures: { cpuMs: 0, outputRows: 1 },
    children: [node('Sort', { estimatedRows: 9, figures: { cpuMs: 0.25, outputRows: 1 } })],
  }),
  figures: { planningMs: 3, executionMs: 1500, cpuMs: 1, peakMemoryBytes: 4096, bytesScanned: 90 },
}

test('a plan is an indented tree with estimates', () => {
  expect(planLines(planned, undefined, shown)).toEqual([
    'Fragment 0 [SINGLE]',
    '    Output layout: [a, b]',
    '    Output[columnNames = [a, b]]',
    '    └─ InnerJoin[criteria = [x = y]]',
    '       │   Estimates: {rows: 7}',
    '       ├─ TableScan[table = [awsdatacatalog:d:t]]',
    '       │      Files: 3, 90 bytes',
    '       └─ Values[]',
    '              Estimates: {rows: 1}',
  ])
})

test('a plan that was run has figures instead of estimates', () => {
  expect(planLines(run, 'TEXT', shown)).toEqual([
    'Planning: 5.00ms, Execution: 1.50s, Data scanned: 90 bytes',
    'Fragment 0 [SINGLE]',
    '    CPU: 1.00ms, Output: 1 row, Peak memory: 4096 bytes',
    '    Output layout: [a, b]',
    '    Output[]',
    '    │   CPU: 0.00ms (0.00%), Output: 1 row',
    '    └─ Sort[]',
    '           CPU: 250.00us (25.00%), Output: 1 row',
  ])
})

test('as JSON every operator has an identifier, and what is known of its rows', () => {
  expect(JSON.parse(planLines(planned, 'JSON', shown).join('\n'))).toMatchObject({
    id: '0',
    children: [
      {
        id: '1',
        name: 'InnerJoin',
        estimates: [{ outputRowCount: 7 }],
        children: [{ id: '2', descriptor: { table: 'awsdatacatalog:d:t' }, estimates: [] }, { id: '3' }],
      },
    ],
  })
  expect(JSON.parse(planLines(run, 'JSON', shown).join('\n'))).toMatchObject({
    children: [{ name: 'Sort', cpuTimeMillis: 0.25, outputRows: 1 }],
  })
})

test('as a graph operators are nodes with quoted labels', () => {
  const root = node('Filter', { descriptor: { filterPredicate: "a = '\"'" }, children: [node('Values')] })
  expect(planLines({ root }, 'GRAPHVIZ', shown)).toEqual([
    'digraph logical_plan {',
    'plannode_0[label="Filter[filterPredicate = [a = \'\\"\']]", shape=record];',
    'plannode_1[label="Values[]", shape=record];',
    'plannode_0 -> plannode_1;',
    '}',
  ])
})
