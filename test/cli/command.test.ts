import { expect, test } from 'vitest'
import { type Command, helpOf, inLines, parseCommandLine, wholeNumber } from '../../src/cli/command.ts'

const command: Command = {
  name: 'pour',
  summary: 'Pours water.',
  arguments: [{ name: 'GLASS', says: 'the glass' }],
  flags: { speed: { value: 'N', says: 'how fast', default: '3' }, ice: { says: 'with ice' } },
  examples: ['lakelet pour mug --ice'],
  run: async () => 0,
}

test('arguments, flags with values, defaults and switches are told apart', () => {
  const parsed = parseCommandLine(command, ['mug', '--ice', '--json'])
  expect(parsed.arguments).toEqual(['mug'])
  expect(parsed.flags['speed']).toBe('3')
  expect([...parsed.switches].sort()).toEqual(['ice', 'json'])
  expect(parseCommandLine(command, ['mug', '--speed', '9']).flags['speed']).toBe('9')
})

test.each([
  ['a missing argument', [], 'it takes one argument, GLASS'],
  ['one too many', ['a', 'b'], '2 given. Does it need quotes?'],
  ['an unknown flag', ['a', '--hot'], "Unknown option '--hot'"],
  ['a flag without its value', ['a', '--speed'], "'--speed <value>'"],
])('%s is refused and points to the help', (_name, args, message) => {
  const attempt = () => parseCommandLine(command, args)
  expect(attempt).toThrow(message)
  expect(attempt).toThrow('See lakelet pour --help.')
})

test('help may be asked for without the arguments, and shows flags, defaults and examples', () => {
  expect(parseCommandLine(command, ['--help']).switches.has('help')).toBe(true)
  const help = helpOf(command, 100)
  for (const part of [
    'lakelet pour GLASS [flags]',
    '--speed N',
    '(default 3)',
    '--ice',
    '--json',
    'lakelet pour mug --ice',
  ]) {
    expect(help).toContain(part)
  }
})

test('a number flag must be whole and large enough', () => {
  expect(wholeNumber('speed', '12', 1)).toBe(12)
  expect(wholeNumber('speed', undefined, 1)).toBeUndefined()
  for (const text of ['0', '-1', '1.5', 'fast', ''])
    expect(() => wholeNumber('speed', text, 1)).toThrow('--speed must be a whole number')
})

test('help is folded to the width of the terminal, under its own column', () => {
  expect(inLines([['--ice', 'three cubes of it, cold']], 29)).toEqual(['  --ice  three cubes of it,', '         cold'])
})
