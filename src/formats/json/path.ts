/**
 * JSON paths as custom classifiers take them (Glue developer guide, "Writing JSON custom classifiers"), no more:
 *
 *   path     = "$" { step }
 *   step     = "." name | "['" name "']" | "[" index "]" | ".*" | "[*]"
 */
export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'every' }

const STEP = /^(?:\.(\*)|\.([^.[\]*\s'"?()@,]+)|\[(\*)\]|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\])/

/** Answers with the problem when it is no such path. */
export function parseJsonPath(path: string): readonly PathStep[] | { readonly problem: string } {
  const text = path.trim()
  if (!text.startsWith('$')) return { problem: `the JSON path ${path} does not begin with $` }
  const steps: PathStep[] = []
  let at = 1
  while (at < text.length) {
    const found = STEP.exec(text.slice(at))
    if (found === null) return { problem: problemOf(text.slice(at)) }
    const [whole, anyDotted, dotted, any, index, quoted, doubleQuoted] = found
    const name = dotted ?? (quoted ?? doubleQuoted)?.replaceAll(/\\(.)/g, '$1')
    if (anyDotted !== undefined || any !== undefined) steps.push({ kind: 'every' })
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) })
    else steps.push({ kind: 'member', name: name ?? '' })
    at += whole.length
  }
  return steps
}

const UNSUPPORTED: readonly (readonly [RegExp, string])[] = [
  [/^\.\./, 'a search at any depth (..)'],
  [/^\[\s*-?\d*\s*:/, 'a slice of an array'],
  [/^\[\s*-\d/, 'an index from the end'],
  [/^\[\s*\?/, 'a filter'],
  [/^\[\s*\(/, 'a script'],
  [/^\[[^\]]*,/, 'several names or indices at once'],
]

function problemOf(rest: string): string {
  const known = UNSUPPORTED.find(([pattern]) => pattern.test(rest))
  if (known !== undefined) return `the JSON path has ${known[1]} at ${rest}, which Glue's classifiers do not support`
  return `the JSON path cannot be read from ${rest}`
}
