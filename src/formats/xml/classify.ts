/** XML: the built-in classifier, and custom ones by their row tag. */
import type { XmlClassifier } from '../classifier.ts'
import { no, SAMPLE_BYTES_MAX, SAMPLE_BYTES_STEP, type Text, type Verdict } from '../text.ts'
import { notesOnTypes } from '../type-notes.ts'
import { type XmlRecords, xmlRecords } from './records.ts'

export function classifyXml(text: Text): Promise<Verdict> {
  return classify(text, { classification: 'xml', rowTag: undefined })
}

export function classifyRowTag({ classification, rowTag }: XmlClassifier, text: Text): Promise<Verdict> {
  return classify(text, { classification, rowTag })
}

interface Target {
  readonly classification: string
  readonly rowTag: string | undefined
}

async function classify(text: Text, { classification, rowTag }: Target): Promise<Verdict> {
  if (!/^\s*</.test(text.first)) return no('it does not begin like XML')
  if (/^\s*<(?:!doctype\s+html|html)\b/i.test(text.first)) return no('it is markup for people (HTML)')
  const scanned = await scanGrowing(text, rowTag)
  if ('reason' in scanned.found) return no(scanned.found.reason)
  const { columns, records, consumed, problem, ...found } = scanned.found
  return {
    // What is not well-formed further on was told from its beginning.
    certainty: problem === undefined ? 1 : records / (records + 1),
    schema: {
      classification,
      layout: { kind: 'xml', rowTag: found.rowTag },
      columns,
      records,
      consumed: Buffer.byteLength(scanned.text.slice(0, consumed)) + text.mark,
      notes: notesOn(scanned.found),
    },
  }
}

function notesOn({ problem, empty, rowTag, conflicts, columns }: XmlRecords): string[] {
  return [
    ...(problem === undefined ? [] : [`it is well-formed XML only up to a point (${problem})`]),
    ...(empty === 0 ? [] : [`${empty} elements <${rowTag}/> are empty and are no records`]),
    ...conflicts,
    ...notesOnTypes(columns),
  ]
}

/** Reads on while not one record has ended. */
async function scanGrowing({ bytes, mark, first, isAllThere }: Text, rowTag: string | undefined) {
  for (let length = SAMPLE_BYTES_STEP; ; length = Math.min(length * 2, SAMPLE_BYTES_MAX)) {
    const isEnd = await bytes.endsWithin(length)
    const text = length === SAMPLE_BYTES_STEP ? first : wholeCharacters((await bytes.upTo(length)).subarray(mark))
    const found = xmlRecords(text, { rowTag, isWhole: isEnd && isAllThere })
    if (!('reason' in found) || isEnd || length >= SAMPLE_BYTES_MAX) return { text, found }
  }
}

/** A character that is cut in two at the end decodes to a replacement character, and is left out. */
function wholeCharacters(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\uFFFD+$/, '')
}
