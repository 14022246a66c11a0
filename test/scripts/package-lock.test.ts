/** `npm ci` on another platform than the one where the lock was written: all binaries must be in it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'))
const packages = read('package-lock.json').packages as Readonly<Record<string, Locked>>

/** As Node looks for it: beside the one who asks, then further up. */
function isLocked(name: string, from: string): boolean {
  if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`] !== undefined) return true
  if (from === '') return false
  const parent = from.lastIndexOf('/node_modules/')
  return isLocked(name, parent === -1 ? '' : from.slice(0, parent))
}

test('every dependency of every package is locked, those for other platforms too', () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(name, path))
      .map((name) => `${name} of ${path}`),
  )
  expect(missing).toEqual([])
})

test('nothing that a user installs runs a script of its own', () => {
  const scripted = Object.entries(packages).filter(
    ([path, { hasInstallScript, dev }]) => path !== '' && hasInstallScript && !dev,
  )
  expect(scripted.map(([path]) => path).filter((path) => !path.endsWith('/fsevents'))).toEqual([])
})
