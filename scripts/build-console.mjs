/** Builds the console into dist/console, unless what is there is newer than all that it is made of. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CONSOLE = join(ROOT, 'console')
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
const BUILT = join(ROOT, 'dist', 'console', 'index.html')

/** Of the lake's own sources the console takes a few. */
const SOURCES = [
  'console/src',
  'console/public',
  'src/simulator',
  'src/delivery/prefix',
  'src/platform',
  'src/sql/functions',
]
const FILES = ['console/index.html', 'console/vite.config.ts', 'console/package.json', 'package-lock.json']

function newest(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

if (!existsSync(VITE)) {
  // Installed without what only builds need: the lake works, its console says how to build it.
  console.error('The console is not built: vite is not installed. `npm ci` installs it.')
} else if (
  !existsSync(BUILT) ||
  [...SOURCES, ...FILES].some((name) => newest(join(ROOT, name)) > statSync(BUILT).mtimeMs)
) {
  // Tests build it too, and would get React's slow parts for developers.
  const env = { ...process.env, NODE_ENV: 'production' }
  execFileSync(process.execPath, [VITE, 'build', '--logLevel', 'warn'], { cwd: CONSOLE, stdio: 'inherit', env })
}
