/**
 * `npm run check`: everything that must hold before a change lands, in the order of how fast it tells. Runs all of
 * them even when one fails, prints each one's time, and exits 1 if any failed. `--without-tests`: for who runs all tests
 * next.
 */
import { spawnSync } from 'node:child_process'

const STEPS = [
  ['format and lint', ['npx', 'biome', 'ci', '--error-on-warnings', '.']],
  ['types', ['npx', 'tsc', '-p', 'tsconfig.json']],
  ['types of the console', ['npx', 'tsc', '-p', 'console/tsconfig.json']],
  ['import ranks', ['npx', 'tsx', 'scripts/check-layers.ts']],
  ['tidiness', ['npx', 'tsx', 'scripts/tidy.ts']],
  ['generated code is fresh', ['npx', 'tsx', 'scripts/generate-wire-model.ts', '--check']],
  ['the compatibility page is fresh', ['npx', 'tsx', 'scripts/generate-compatibility.ts', '--check']],
  ['the page of functions is fresh', ['npx', 'tsx', 'scripts/generate-functions.ts', '--check']],
  ['unit tests', ['npx', 'vitest', 'run', '--project', 'unit']],
].filter(([name]) => name !== 'unit tests' || !process.argv.includes('--without-tests'))

const failed = []
for (const [name, [command, ...args]] of STEPS) {
  const startedAt = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (status !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exit(1)
}
