/** What happened to the columns of a table while its files were put together: what was added or widened, by which file. Pure. */
import { type InferredField, type InferredType, mergeFields, typeText, widen } from '../formats/inferred-type.ts'
import { listed, shortened } from './sentences.ts'

interface FileColumns {
  readonly url: string
  readonly columns: readonly InferredField[]
}

/** Files in the order in which they are merged. */
export function* mergeSentences(table: string, files: readonly FileColumns[]): Iterable<string> {
  const seen = new Set<readonly InferredField[]>()
  let merged: readonly InferredField[] | undefined
  for (const { url, columns } of files) {
    if (seen.has(columns)) continue
    seen.add(columns)
    if (merged !== undefined) yield* changes(table, merged, { url, columns })
    merged = merged === undefined ? columns : mergeFields(merged, columns)
  }
}

function* changes(table: string, before: readonly InferredField[], { url, columns }: FileColumns): Iterable<string> {
  const types = new Map(before.map(({ name, type }) => [name, type]))
  const fresh: string[] = []
  for (const { name, type } of columns) {
    const known = types.get(name)
    if (known === undefined) fresh.push(name)
    else yield* widening(table, name, { known, type, url })
  }
  if (fresh.length > 0) yield `${table}: new columns came with ${url}: ${listed(fresh)}.`
}

function* widening(
  table: string,
  name: string,
  { known, type, url }: { known: InferredType; type: InferredType; url: string },
): Iterable<string> {
  if (known.kind === 'unknown' || type.kind === 'unknown') return
  const [from, found, to] = [known, type, widen(known, type)].map((each) => shortened(typeText(each)))
  if (from === to && found === to) return
  const isLoss = to === 'string' && from !== 'string' && found !== 'string'
  if (isLoss) yield `${table}: column ${name} is string, because ${from} and ${found} in ${url} do not go together.`
  else if (from !== to)
    yield `${table}: column ${name} was widened from ${from} to ${to}, because it is ${found} in ${url}.`
  else if (to === 'string') yield `${table}: column ${name} is string, although it is ${found} in ${url}.`
}
