/**
 * Pairs of statement and tree, one file for each part of the language: `trees/*.txt` holds blocks of a statement and, on
 * the line that begins with `=>`, what it must become. A case is added by adding a block.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseStatement } from '../../../src/sql/parser/index.ts'
import { treeText } from './tree-text.ts'

const folder = new URL('./trees/', import.meta.url)

describe.each(readdirSync(folder))('%s', (file) => {
  const blocks = readFileSync(new URL(file, folder), 'utf8').trim().split(/\n\n+/)
  const pairs = blocks.map((block) => block.split('\n=> ') as [sql: string, tree: string])

  test.each(pairs)('%s', (sql, tree) => {
    expect(treeText(parseStatement(sql))).toBe(tree)
  })
})
