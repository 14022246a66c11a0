import { describe, expect, test } from 'vitest'
import { compiledJq, JqBreakdown, jqProgram } from '../../../../src/delivery/processing/jq/jq-machine.ts'
import { nestsTooDeeply } from '../../../../src/delivery/processing/jq/nesting.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const jq = jqProgram(compiledJq())

function run(args: readonly string[], input: string) {
  const bytes = Buffer.from(input)
  let at = 0
  let output = ''
  let errors = ''
  const status = jq.run({
    args,
    clock: new FakeClock(Date.UTC(2026, 0, 15)),
    streams: {
      read(into) {
        const part = bytes.subarray(at, at + into.length)
        into.set(part)
        at += part.length
        return part.length
      },
      write: (part) => {
        output += Buffer.from(part).toString('latin1')
      },
      writeError: (part) => {
        errors += Buffer.from(part).toString('latin1')
      },
    },
  })
  return { status, output, errors }
}

describe('jq in its machine', () => {
  // 341a5fc is the commit before the last five of jq-1.6, none of which changes its language.
  test('is jq 1.6', () => {
    expect(run(['--version'], '')).toEqual({ status: 0, output: 'jq-1.6rc1-16-g341a5fc-dirty\n', errors: '' })
  })

  test.each([
    ['reads, computes, prints', ['-c', '.a, .b'], '{"a":[1,2],"b":"x"}\n3', 5, '[1,2]\n"x"\n'],
    ['a clock', ['now|todate'], '1', 0, '"2026-01-15T00:00:00Z"\n'],
    ['the rounding of C', ['-c', '[.[]|round]'], '[-2.5,-0.4,0.5,2.5]', 0, '[-3,-0,1,3]\n'],
    ['regular expressions', ['-r', 'sub("(?<a>.)$";"-\\(.a)")'], '"abc"', 0, 'ab-c\n'],
    ['no file', ['.', '/etc/passwd'], '', 2, ''],
    ['no variable of the environment', ['-c', 'env'], '1', 0, '{}\n'],
    ['a status of its own', ['-e', '.'], 'null', 1, 'null\n'],
  ])('%s', (_, args, input, status, output) => {
    expect(run(args, input)).toMatchObject({ status, output })
  })

  test('endless recursion breaks the run down, and the next one is sound', () => {
    expect(() => run(['def f: 1 + f; f'], '1')).toThrow(JqBreakdown)
    expect(run(['.'], '1').output).toBe('1\n')
  })

  const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  test.each([
    ['256 lists', lists(256), false],
    ['257 lists', lists(257), true],
    ['128 objects', objects(128), false],
    ['129 objects', objects(129), true],
    ['lists in an object', `{"a":${lists(254)}}`, false],
    ['one list more in an object', `{"a":${lists(255)}}`, true],
    ['brackets side by side, and in texts', `[${'[],'.repeat(300)}"${'[{'.repeat(300)}\\"["]`, false],
  ])('reads what nests as deeply as we say it does: %s', (_, json, isTooDeep) => {
    const { errors } = run(['-c', 'length'], json)
    expect(errors.includes('Exceeds depth limit for parsing')).toBe(isTooDeep)
    expect(nestsTooDeeply(Buffer.from(json))).toBe(isTooDeep)
  })
})
