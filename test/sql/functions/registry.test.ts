import { expect, test } from 'vitest'
import { callableFunctions, functionsNamed } from '../../../src/sql/functions/registry.ts'

test('functions are found by any of their names, in any case', () => {
  expect(functionsNamed('SUBSTRING')[0]?.name).toBe('substr')
  expect(functionsNamed('nosuch')).toEqual([])
})

test('a name means one kind of function only', () => {
  for (const declaration of callableFunctions()) {
    const kinds = new Set(functionsNamed(declaration.name).map((other) => other.kind))
    expect(kinds.size, declaration.name).toBe(1)
  }
})

test('operators cannot be called by name', () => {
  expect(callableFunctions().filter((declaration) => declaration.name.startsWith('operator'))).toEqual([])
})
