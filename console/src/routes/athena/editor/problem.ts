/** Where in a statement an error is: Athena says `line 1:8: …`. */
export interface SqlProblem {
  /** From 1. */
  readonly line: number
  readonly column: number
  readonly message: string
}

/** `from`: where in the editor's text the statement that was run begins. */
export function problemOf(reason: string, text: string, from: number): SqlProblem | undefined {
  const [, lineText, columnText] = /line (\d+):(\d+)/.exec(reason) ?? []
  if (lineText === undefined || columnText === undefined) return undefined
  const before = text.slice(0, from).split('\n')
  const line = Number(lineText)
  const shift = line === 1 ? (before.at(-1)?.length ?? 0) : 0
  return { line: line + before.length - 1, column: Number(columnText) + shift, message: reason }
}
