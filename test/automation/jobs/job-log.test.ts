import { expect, test } from 'vitest'
import { LOG_GROUP, RUN_BYTES_MAX, runOutput } from '../../../src/automation/jobs/job-log.ts'

/** Lines that were handed over, and how many had been when they were kept. */
function memoryLog() {
  const lines: { group: string; stream: string; message: string }[] = []
  const flushedAt: number[] = []
  return {
    lines,
    flushedAt,
    append: (group: string, stream: string, message: string) => void lines.push({ group, stream, message }),
    flush: async () => void flushedAt.push(lines.length),
  }
}

test('output and errors go to groups of their own, a stream a run', async () => {
  const log = memoryLog()
  const output = runOutput(log, 'jr_1')
  await output.line('output', 'hello')
  await output.line('error', '')
  output.say('FAILED: why')
  expect(log.lines).toEqual([
    { group: `${LOG_GROUP}/output`, stream: 'jr_1', message: 'hello' },
    { group: `${LOG_GROUP}/error`, stream: 'jr_1', message: ' ' },
    { group: `${LOG_GROUP}/error`, stream: 'jr_1', message: 'FAILED: why' },
  ])
})

test('one who prints much waits until it is kept, so that no line is dropped', async () => {
  const log = memoryLog()
  const output = runOutput(log, 'jr_1')
  for (let index = 0; index < 100; index++) await output.line('output', 'x'.repeat(1_000))
  expect(log.flushedAt).toEqual([32, 64, 96])
})

test('one who prints without end keeps its beginning, and the last line kept says so', async () => {
  const log = memoryLog()
  const output = runOutput(log, 'jr_1')
  for (let bytes = 0; bytes < RUN_BYTES_MAX + 500_000; bytes += 50_026) await output.line('output', 'x'.repeat(50_000))
  const kept = log.lines.length
  expect(kept).toBe(Math.floor(RUN_BYTES_MAX / 50_026) + 1)
  expect(log.lines.at(-1)?.message).toContain('keeps the first 16 MiB')
  await output.line('error', 'more')
  output.say('SUCCEEDED')
  expect(log.lines.length).toBe(kept + 1)
})

test.each([
  ['nothing of the kind', ['a', 'b: c'], undefined],
  ['an exception', ['Traceback (most recent call last):', '  File "x"', '    f()', "KeyError: 'x'"], "KeyError: 'x'"],
  [
    'an error of syntax',
    ['  File "x.py", line 1', '    a b', 'SyntaxError: invalid syntax'],
    'SyntaxError: invalid syntax',
  ],
  ['one without words', ['Traceback (most recent call last):', '  File "x"', 'StopIteration'], 'StopIteration'],
  [
    'one after another',
    ['Traceback (most recent call last):', 'a.B: one', 'Traceback (most recent call last):', 'ValueError: two'],
    'ValueError: two',
  ],
])('the exception of %s', async (_, errors, exception) => {
  const output = runOutput(memoryLog(), 'jr_1')
  for (const line of errors) await output.line('error', line)
  expect(output.exception).toBe(exception)
})
