/** The folders of a listing as trees: one from the include path, or one at each table level. Pure. */
import { Refusal } from '../platform/refusal.ts'
import { type IncludePath, s3Url } from './include-path.ts'
import type { SampledFolder } from './sample.ts'

export interface Node {
  readonly path: string
  /** Files directly in it. */
  readonly own: SampledFolder | undefined
  readonly children: readonly Node[]
}

export function rootOf(path: string, folders: readonly SampledFolder[]): Node {
  let own: SampledFolder | undefined
  const groups = new Map<string, SampledFolder[]>()
  for (const folder of folders) {
    if (folder.path === path) {
      own = folder
      continue
    }
    const child = folder.path.slice(0, folder.path.indexOf('/', path.length) + 1)
    const group = groups.get(child)
    if (group === undefined) groups.set(child, [folder])
    else group.push(folder)
  }
  return { path, own, children: [...groups].map(([child, group]) => rootOf(child, group)) }
}

/** The bucket is level 1. Refuses 'crawlFailed' when the level is above the include path or below data. */
export function rootsAtLevel(target: IncludePath, folders: readonly SampledFolder[], level: number): Node[] {
  if (depthOf(target.prefix) > level)
    throw new Refusal(
      'crawlFailed',
      `The table level ${level} lies above the include path ${s3Url(target.bucket, target.prefix)}.`,
    )
  const groups = new Map<string, SampledFolder[]>()
  for (const folder of folders) {
    if (depthOf(folder.path) < level)
      throw new Refusal(
        'crawlFailed',
        `${s3Url(target.bucket, folder.path)} holds data above the table level ${level}.`,
      )
    const above = folder.path.split('/').slice(0, level - 1)
    const root = above.length === 0 ? '' : `${above.join('/')}/`
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [folder])
    else group.push(folder)
  }
  return [...groups].map(([root, group]) => rootOf(root, group))
}

/** The bucket is 1, each folder one more. */
function depthOf(path: string): number {
  return path.split('/').length
}
