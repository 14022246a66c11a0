/** JSON: the built-in classifier, and custom ones by their path. */
import type { JsonClassifier } from '../classifier.ts'
import { no, SAMPLE_BYTES_MAX, SAMPLE_BYTES_STEP, type Text, type Verdict } from '../text.ts'
import { type PathStep, parseJsonPath } from './path.ts'
import { type JsonScan, scanJson } from './scan.ts'
import { jsonSchema } from './schema.ts'

export function classifyJson(text: Text): Promise<Verdict> {
  return classify(text, [])
}

export async function classifyJsonPath({ jsonPath }: JsonClassifier, text: Text): Promise<Verdict> {
  const path = parseJsonPath(jsonPath)
  return 'problem' in path ? no(path.problem) : classify(text, path, jsonPath)
}

async function classify(text: Text, path: readonly PathStep[], jsonPath?: string): Promise<Verdict> {
  if (!/^\s*[[{]/.test(text.first)) {
    // Lines before the first document are malformed JSON; a text without any is something else.
    const scan = await scanOnce(text, path)
    if (scan.documents.length === 0) return no('it does not begin like JSON')
    return verdictOf(scan, { mark: text.mark, jsonPath })
  }
  return verdictOf(await scanGrowing(text, path), { mark: text.mark, jsonPath })
}

function verdictOf(scan: JsonScan, { mark, jsonPath }: { mark: number; jsonPath: string | undefined }): Verdict {
  const json = jsonSchema(scan)
  if (scan.documents.length === 0) return no(reasonOf(scan, jsonPath))
  if ('reason' in json) return no(json.reason)
  const { paths, ...found } = json
  const layout = { kind: 'json', paths, ...(jsonPath !== undefined && { jsonPath }) } as const
  const schema = {
    classification: 'json',
    layout,
    ...found,
    records: scan.documents.length,
    consumed: scan.consumed + mark,
  }
  // Lines of a log may begin with what is JSON, as in `[4018] 14 Nov`: then another classifier is more certain.
  return { certainty: scan.documents.length / (scan.documents.length + scan.malformed), schema }
}

async function scanOnce({ bytes, mark, isWhole }: Text, path: readonly PathStep[]): Promise<JsonScan> {
  return scanJson((await bytes.upTo(SAMPLE_BYTES_STEP)).subarray(mark), isWhole, path)
}

/** Reads on while not one record has ended. */
async function scanGrowing({ bytes, mark, isAllThere }: Text, path: readonly PathStep[]): Promise<JsonScan> {
  for (let length = SAMPLE_BYTES_STEP; ; length = Math.min(length * 2, SAMPLE_BYTES_MAX)) {
    const isEnd = await bytes.endsWithin(length)
    const scan = scanJson((await bytes.upTo(length)).subarray(mark), isEnd && isAllThere, path)
    if (scan.documents.length > 0 || scan.malformed > 0 || isEnd || length >= SAMPLE_BYTES_MAX) return scan
  }
}

function reasonOf({ malformed, consumed }: JsonScan, jsonPath: string | undefined): string {
  if (malformed > 0) return 'it begins like JSON but no document in it is well-formed'
  if (jsonPath !== undefined && consumed > 0) return `nothing in it is at ${jsonPath}`
  return `it begins like JSON but no document ends within the first ${SAMPLE_BYTES_MAX} bytes`
}
