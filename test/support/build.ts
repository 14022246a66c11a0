/** System tests run what users run: the compiled program. Built once before them. */
import { spawnSync } from 'node:child_process'

export function setup(): void {
  const { status } = spawnSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed: see above')
}
