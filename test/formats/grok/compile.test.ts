import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BUILT_IN_PATTERNS } from '../../../src/formats/grok/built-in-patterns.ts'
import { compileGrok, readDefinitions } from '../../../src/formats/grok/compile.ts'
import { GrokProblem } from '../../../src/formats/grok/problem.ts'
import { matchLine } from './match-line.ts'

function fields(pattern: string, customPatterns?: string): string[] {
  return compileGrok(pattern, customPatterns).fields.map(({ name, type }) => `${name} ${type}`)
}

test.each<[string, string, string[]]>([
  ['a field without a type is string', '%{WORD:a}', ['a string']],
  ['a pattern without a field is no column', '%{WORD} %{INT:b:int}', ['b int']],
  [
    'each type that AWS lists',
    '%{INT:a:byte} %{INT:b:short} %{INT:c:int} %{INT:d:long} %{NUMBER:e:float} %{NUMBER:f:double} %{WORD:g:boolean}',
    ['a tinyint', 'b smallint', 'c int', 'd bigint', 'e float', 'f double', 'g boolean'],
  ],
  ['names are lower-case and trimmed', '%{WORD: Client IP}', ['client ip string']],
  ['UNWANTED is no field, as in the built-in patterns', '%{USERNAME:UNWANTED} %{WORD:b}', ['b string']],
  ['a field of a pattern within a pattern', '%{SYSLOGPROG}', ['program string', 'pid string']],
  ['a named group is a field', String.raw`(?<level>\w+) %{WORD:b}`, ['level string', 'b string']],
  ['a field of two alternatives is one', '(?:%{INT:n}|x%{WORD:n})', ['n string']],
  ['a definition where it is used', '(?:%{Bytes:bytes=%{NUMBER}|-})', ['bytes string']],
])('%s', (_name, pattern, expected) => {
  expect(fields(pattern)).toEqual(expected)
})

test('each pattern that is built in compiles', () => {
  const names = [...readDefinitions(BUILT_IN_PATTERNS).keys()]
  expect(names.length).toBeGreaterThan(70)
  for (const name of names) expect(fields(`%{${name}:x}`)[0]).toBe('x string')
})

test('custom patterns are one a line, may refer to each other and come before the built-in ones', () => {
  const custom = '# levels\nLEVEL (BENCHMARK|ERROR)\n\nPAIR %{LEVEL:level} %{WORD:word}\nWORD [a-z]{2}\n'
  expect(matchLine(compileGrok('^%{PAIR}$', custom), 'ERROR ab')).toEqual({ level: 'ERROR', word: 'ab' })
  expect(matchLine(compileGrok('^%{PAIR}$', custom), 'ERROR abc')).toBeUndefined()
})

test('what a line holds is found by field, in whichever alternative it stands', () => {
  const grok = compileGrok('^%{INT:n:int}(?: %{WORD:w}| =%{INT:w})?$')
  expect(['5 x', '5 =6', '5', 'x'].map((line) => matchLine(grok, line))).toEqual([
    { n: '5', w: 'x' },
    { n: '5', w: '6' },
    { n: '5' },
    undefined,
  ])
})

test.each<[string, string, string, string]>([
  ['a possessive quantifier does not give back', 'a*+a', 'aaa', ''],
  ['a greedy one does', 'a*a', 'aaa', 'aaa'],
  ['a lazy one takes the least', 'a+?', 'aaa', 'a'],
  ['an atomic group does not give back', '(?>a|ab)c', 'abc', ''],
  ['an atomic group that repeats', '(?>ab|a)+c', 'aabc', 'aabc'],
  ['a flag holds to the end of its group', '(?:(?i)ab)c', 'ABC', ''],
  ['a flag holds for what follows', '(?i)abc', 'aBc', 'aBc'],
  ['a flag may hold within a group only', '(?i:a)b', 'Ab', 'Ab'],
  ['a flag applies to sets', '(?i)[a-c]+', 'aBC', 'aBC'],
  ['a flag may be taken back', '(?i)a(?-i)b', 'AB', ''],
  ['POSIX sets in brackets', '[[:digit:][:upper:]]+', 'a1B2', '1B2'],
  ['POSIX sets in braces', String.raw`\p{Alpha}+`, '12ab', 'ab'],
  ['Unicode sets', String.raw`\p{L}+`, '12äb', 'äb'],
  ['horizontal blanks', String.raw`\h+x`, ' \tx', ' \tx'],
  ['quoting', String.raw`\Qa.b*\E+`, 'a.b*', 'a.b*'],
  ['a set within a set', '[a[0-9]]+', 'a1', 'a1'],
  ['a bracket first in a set', '[]a]+', ']a', ']a'],
  ['a minus at the end of a set', '[a-]+', 'a-', 'a-'],
  ['characters by number', String.raw`\x41\u0042\x{43}\0104`, 'ABCD', 'ABCD'],
  ['beginning and end by letter', String.raw`\Aab\z`, 'ab', 'ab'],
  ['lookbehind', '(?<=a)b', 'ab', 'b'],
  ['negated lookahead', 'a(?!b)', 'ab', ''],
  ['a comment', 'a(?#one)b', 'ab', 'ab'],
  ['a brace that repeats nothing', 'a{b}', 'a{b}', 'a{b}'],
  ['a character beyond 16 bits', '[😀-😂]+', 'x😁', '😁'],
])('%s, as Java has it', (_name, pattern, line, expected) => {
  expect(compileGrok(pattern).expression.exec(line)?.[0] ?? '').toBe(expected)
})

test.each<[string, string, RegExp]>([
  ['an unknown pattern', '%{NOSUCH:a}', /NOSUCH is not defined/],
  ['an unknown type', '%{WORD:a:varchar}', /type varchar, and only these are supported/],
  ['a field without a name', '%{WORD:}', /empty field name/],
  ['one field of two types', '%{INT:a:int} %{INT:a:long}', /the types int and bigint/],
  ['a reference without end', '%{WORD', /no closing brace/],
  ['a group without end', '(a', /no closing parenthesis/],
  ['a parenthesis too many', 'a)', /closing parenthesis too many/],
  ['a set without end', '[a', /no closing bracket/],
  ['a quantifier of nothing', '*a', /repeats nothing/],
  ['a reference to a group by number', String.raw`(a)\1`, /references to what was matched/],
  ['an intersection of sets', '[a-z&&[aeiou]]', /intersect/],
  ['a conditional', '(?(1)a|b)', /not supported/],
  ['a very long repetition', 'a{100000}', /repeats more than/],
  ['an atomic group in a lookbehind', '(?<=(?>a))b', /within a lookbehind/],
  ['a line break', 'a\nb', /line break/],
  ['a backslash at the end', 'a\\', /ends in a backslash/],
])('%s is a problem that is named', (_name, pattern, problem) => {
  expect(() => compileGrok(pattern)).toThrow(GrokProblem)
  expect(() => compileGrok(pattern)).toThrow(problem)
})

test.each<[string, string, RegExp]>([
  ['itself', 'A x%{A}', /A refers to itself/],
  ['itself by way of another', 'A x%{B}\nB y%{A}', /A, B, A/],
  [
    'billions of others',
    Array.from({ length: 40 }, (_, n) => `P${n} %{P${n + 1}}%{P${n + 1}}`)
      .join('\n')
      .replaceAll('P0', 'A')
      .concat('\nP40 x'),
    /too many patterns/,
  ],
  ['a line without a pattern', 'A', /not a name and a pattern/],
])('a custom pattern that refers to %s is a problem', (_name, customPatterns, problem) => {
  expect(() => compileGrok('%{A}', customPatterns)).toThrow(problem)
})

test('any text at all compiles or is a GrokProblem', () => {
  const piece = fc.constantFrom(
    '%{',
    '}',
    'WORD',
    ':a',
    ':int',
    '(',
    '(?:',
    '(?>',
    '(?i)',
    '(?<n>',
    ')',
    '[',
    ']',
    '^',
    '-',
    '&&',
    '\\',
    '\\p{L}',
    '\\Q',
    '*',
    '+',
    '?',
    '{2,3}',
    '|',
    'a',
    '=',
    ' ',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  )
  fc.assert(
    fc.property(text, text, (pattern, custom) => {
      for (const customPatterns of ['', custom]) {
        try {
          compileGrok(pattern, customPatterns)
        } catch (error) {
          expect(error).toBeInstanceOf(GrokProblem)
        }
      }
    }),
    { numRuns: 2000 },
  )
})
