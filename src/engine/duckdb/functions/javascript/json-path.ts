/**
 * The paths of json_extract: `$`, `.name`, `["name"]`, `[n]`, and `*`, `..` in the same places, which gather what they
 * find into an array.
 */
import { invalidArgument } from './define.ts'
import { itemsOf, kindOf, membersOf } from './json-scan.ts'

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep'; readonly name: string | undefined }

const CACHE_MAX = 256
const cache = new Map<string, readonly Step[]>()

export function jsonPath(path: string): readonly Step[] {
  const known = cache.get(path)
  if (known !== undefined) return known
  const steps = parse(path)
  if (cache.size >= CACHE_MAX) cache.delete(cache.keys().next().value ?? '')
  cache.set(path, steps)
  return steps
}

const TOKENS =
  /\.\.(?:(\*)|([\p{L}\p{N}_:\-@]+))|\.(\*)|\.([\p{L}\p{N}_:\-@$ ]+)|\.?\[\s*(\*)\s*\]|\.?\[\s*(-?\d+)\s*\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.?\['((?:[^'\\]|\\.)*)'\]|\.?\[([\p{L}_][\p{L}\p{N}_:-]*)\]/uy

function parse(path: string): Step[] {
  const refused = () => invalidArgument(`Invalid JSON path: '${path}'`)
  if (path === '') return refused()
  // Without `$` the path begins with a name.
  let text = path
  if (path.startsWith('$')) text = path.slice(1)
  else if (!path.startsWith('.') && !path.startsWith('[')) text = `.${path}`
  const steps: Step[] = []
  let index = 0
  while (index < text.length) {
    TOKENS.lastIndex = index
    const found = TOKENS.exec(text)
    if (found === null) return refused()
    const [, deepAll, deep, dotAll, name, all, position, double, single, bare] = found
    if (deepAll !== undefined) steps.push({ kind: 'deep', name: undefined })
    else if (deep !== undefined) steps.push({ kind: 'deep', name: deep })
    else if (dotAll !== undefined || all !== undefined) steps.push({ kind: 'all' })
    else if (position !== undefined) steps.push({ kind: 'index', index: Number(position) })
    else steps.push({ kind: 'member', name: unescaped(name ?? double ?? single ?? bare ?? '') })
    index = TOKENS.lastIndex
  }
  return steps
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, '$1')
}

/** What the path leads to in compact JSON; undefined: nothing. */
export function extract(json: string, steps: readonly Step[]): string | undefined {
  if (steps.every((step) => step.kind === 'member' || step.kind === 'index')) {
    return steps.reduce<string | undefined>(
      (value, step) => (value === undefined ? undefined : down(value, step)[0]),
      json,
    )
  }
  let found = [json]
  for (const step of steps) found = found.flatMap((value) => down(value, step))
  return `[${found.join(',')}]`
}

function down(json: string, step: Step): string[] {
  const kind = kindOf(json)
  switch (step.kind) {
    case 'member': {
      if (kind === 'object')
        return membersOf(json)
          .flatMap(({ key, value }) => (key === step.name ? [value] : []))
          .slice(-1)
      // A number in quotes or after a dot also counts elements.
      return kind === 'array' && /^\d+$/.test(step.name) ? at(json, Number(step.name)) : []
    }
    case 'index':
      if (kind === 'array') return at(json, step.index)
      return kind === 'object' ? down(json, { kind: 'member', name: String(step.index) }) : []
    case 'all':
      return children(json)
    case 'deep': {
      const { name } = step
      const own = name === undefined ? children(json) : down(json, { kind: 'member', name })
      return [...own, ...children(json).flatMap((child) => down(child, step))]
    }
  }
}

function at(array: string, index: number): string[] {
  if (index < 0) return []
  const item = itemsOf(array)[index]
  return item === undefined ? [] : [item]
}

function children(json: string): string[] {
  const kind = kindOf(json)
  if (kind === 'array') return itemsOf(json)
  return kind === 'object' ? membersOf(json).map(({ value }) => value) : []
}
