import { expect, test } from 'vitest'
import { folded } from '../../../../src/engine/duckdb/print/fold.ts'
import { analyseExpression } from '../../../../src/sql/analyser/index.ts'
import type { AnalysisContext } from '../../../../src/sql/analysis-context.ts'
import { parseExpression } from '../../../../src/sql/parser/index.ts'
import { typeText } from '../../../../src/sql/types.ts'

const CONTEXT: AnalysisContext = {
  catalog: 'awsdatacatalog',
  schema: 'default',
  hasSchema: () => true,
  findTable: () => undefined,
  parameters: [],
}

const constantOf = (sql: string) => {
  const node = folded(analyseExpression(parseExpression(sql), CONTEXT))
  return node.kind === 'Constant' ? [typeText(node.type), node.value] : undefined
}

test.each([
  ['1 + 2 * 3 - 10', 'integer', -3n],
  ['2147483648 - 1', 'bigint', 2147483647n],
  ["1 - DECIMAL '0.05'", 'decimal(13,2)', 95n],
  ["DECIMAL '1.5' * DECIMAL '0.10'", 'decimal(4,3)', 150n],
  ['0.1 + 0.2', 'double', 0.1 + 0.2],
  ["DECIMAL '0.07' + 0.0", 'double', 0.07],
  ['CAST(7 AS decimal(3, 1))', 'decimal(3,1)', 70n],
  ["CAST('abc' AS varchar(5))", 'varchar(5)', 'abc'],
])('%s is known while printing', (sql, type, value) => {
  expect(constantOf(sql)).toEqual([type, value])
})

test.each([
  '2147483647 + 1',
  'CAST(300 AS tinyint)',
  'CAST(1000 AS decimal(3, 0))',
  "CAST('abc' AS varchar(2))",
  "CAST('7' AS integer)",
  '7 / 2',
  '1 + CAST(NULL AS integer)',
  "CAST(DECIMAL '12345678901234567890.1' AS double)",
  "DECIMAL '17015000000000000000000000000000000000' - DECIMAL '7015000000000000000000000000000000000.1'",
])('%s is left to the engine', (sql) => {
  expect(constantOf(sql)).toBeUndefined()
})
