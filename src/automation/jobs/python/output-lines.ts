/** The lines of what a program prints, as UTF-8, pulled: who does not take the next one holds the program up. */
import { StringDecoder } from 'node:string_decoder'

/** A longer line comes in pieces; CloudWatch Logs takes 256 KB of a message, and a character has up to four bytes. */
export const LINE_LENGTH_MAX = 60_000

/** Without their ends (`\n` or `\r\n`); what comes behind the last one is a line too. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield* pieces(line.endsWith('\r') ? line.slice(0, -1) : line)
    while (rest.length > LINE_LENGTH_MAX) {
      yield rest.slice(0, LINE_LENGTH_MAX)
      rest = rest.slice(LINE_LENGTH_MAX)
    }
  }
  rest += decoder.end()
  if (rest !== '') yield* pieces(rest)
}

function* pieces(line: string): Generator<string, void> {
  if (line.length <= LINE_LENGTH_MAX) return yield line
  for (let at = 0; at < line.length; at += LINE_LENGTH_MAX) yield line.slice(at, at + LINE_LENGTH_MAX)
}
