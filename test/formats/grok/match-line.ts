/** The fields of one line by name, undefined where it does not match. */
import type { Grok } from '../../../src/formats/grok/compile.ts'

export function matchLine({ expression, fields }: Grok, line: string): Readonly<Record<string, string>> | undefined {
  const found = expression.exec(line)
  if (found === null) return undefined
  const filled = fields.flatMap(({ name, groups }) => {
    const value = groups.map((group) => found.groups?.[group]).find((text) => text !== undefined)
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(filled)
}
