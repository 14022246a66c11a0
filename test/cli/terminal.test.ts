import { expect, test } from 'vitest'
import { bytesText, openTerminal, rowsText, tableText } from '../../src/cli/terminal.ts'

function written(isTty: boolean, json: boolean, use: (terminal: ReturnType<typeof openTerminal>) => void): string {
  const chunks: string[] = []
  const stream = { isTTY: isTty, columns: 80, write: (chunk: string) => void chunks.push(chunk) }
  use(openTerminal(stream as unknown as NodeJS.WriteStream, { json, environment: {} }))
  return chunks.join('')
}

test('a table has its columns aligned, numbers to the right and NULL empty', () => {
  const table = tableText(
    ['page', 'views'],
    [
      ['/home', '12'],
      ['/cart', null],
      [null, '7'],
    ],
  )
  expect(table.split('\n')).toEqual([
    ' page  │ views',
    '───────┼───────',
    ' /home │    12',
    ' /cart │',
    '       │     7',
  ])
})

test('a cell that is too long is cut, and line breaks do not break the table', () => {
  expect(tableText(['x'], [['a\nb'], ['y'.repeat(50)]], 10)).toContain('yyyyyyyyy…')
  expect(tableText(['x'], [['a\nb']]).split('\n')).toHaveLength(3)
})

test('piped output has no colours and no live lines', () => {
  const text = written(false, false, (terminal) => {
    terminal.live('working…')
    terminal.line(terminal.style('good', 'done'))
    terminal.result({ secret: 1 })
  })
  expect(text).toBe('done\n')
})

test('with --json only the result is printed, and it is JSON', () => {
  const text = written(true, true, (terminal) => {
    terminal.line('for people')
    terminal.live('working…')
    terminal.settle('done')
    terminal.result({ rows: 3 })
  })
  expect(JSON.parse(text)).toEqual({ rows: 3 })
})

test('a live line is gone when the next line comes', () => {
  const text = written(true, false, (terminal) => {
    terminal.live('50 %')
    terminal.line('done')
  })
  expect(text).toBe('50 %\r\u001b[2Kdone\n')
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [177_327, '173.2 KiB'],
  [5 * 1024 ** 3, '5.00 GiB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

test('rows too wide for the terminal are shown a value a line, none longer than the terminal', () => {
  expect(rowsText(['page', 'views'], [['/home', null]], 10)).toBe('─ row 1 ─\npage  │ /h\nviews │')
})

test('a dumb terminal gets neither colours nor live lines', () => {
  const chunks: string[] = []
  const stream = { isTTY: true, columns: 80, write: (chunk: string) => void chunks.push(chunk) }
  const terminal = openTerminal(stream as unknown as NodeJS.WriteStream, { json: false, environment: { TERM: 'dumb' } })
  terminal.live('50 %')
  terminal.line(terminal.style('good', 'done'))
  expect(chunks.join('')).toBe('done\n')
})

test('remarks go beside the output, and not at all with --json', () => {
  const beside = (json: boolean) => {
    const remarks: string[] = []
    const sink = (chunks: string[]) => ({ write: (chunk: string) => void chunks.push(chunk) }) as never
    openTerminal(sink([]), { json, environment: {}, remarks: sink(remarks) }).remark('by the way')
    return remarks.join('')
  }
  expect(beside(false)).toBe('by the way\n')
  expect(beside(true)).toBe('')
})
