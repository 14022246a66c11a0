/** Finds functions and operators by name. Names are folded to lower case; aliases count as names. */
import { allFunctions } from './all.ts'
import type { FunctionDeclaration } from './declare.ts'
import { operators } from './operators.ts'

const byName = indexOf([...operators, ...allFunctions])

/** The declarations that share this name, in order; empty when nobody has it. */
export function functionsNamed(name: string): readonly FunctionDeclaration[] {
  return byName.get(name.toLowerCase()) ?? []
}

/** For SHOW FUNCTIONS: every declaration a user can call. */
export function callableFunctions(): readonly FunctionDeclaration[] {
  return allFunctions
}

function indexOf(declarations: readonly FunctionDeclaration[]): ReadonlyMap<string, readonly FunctionDeclaration[]> {
  const index = new Map<string, FunctionDeclaration[]>()
  for (const declaration of declarations) {
    for (const name of [declaration.name, ...declaration.aliases]) {
      const sharing = index.get(name)
      if (sharing === undefined) index.set(name, [declaration])
      else sharing.push(declaration)
    }
  }
  return index
}
