/** What a text, or a file, is classified as, in one line each. */
import type { CustomClassifier } from '../../src/formats/classifier.ts'
import type { FileSchema } from '../../src/formats/file-schema.ts'
import { typeText } from '../../src/formats/inferred-type.ts'
import { readFileSchema } from '../../src/formats/read-file-schema.ts'
import { sourceOf } from './sources.ts'

export async function schemaOf(text: string | Buffer, ...classifiers: CustomClassifier[]): Promise<FileSchema> {
  const reading = await readFileSchema(sourceOf('x', Buffer.from(text)), classifiers)
  if (reading.kind === 'unknown') throw new Error(reading.reason)
  return reading.schema
}

export async function reasonOf(text: string | Buffer, ...classifiers: CustomClassifier[]): Promise<string> {
  const reading = await readFileSchema(sourceOf('x', Buffer.from(text)), classifiers)
  return reading.kind === 'unknown' ? reading.reason : `it is ${reading.schema.classification}`
}

export function columnsOf({ columns }: Pick<FileSchema, 'columns'>): string[] {
  return columns.map(({ name, type }) => `${name} ${typeText(type)}`)
}
