/**
 * Constant date formats in DuckDB's own notation (strftime), where that says the same: no row leaves DuckDB then.
 * undefined: the format needs the formatters of JavaScript.
 */

const MYSQL: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%g000',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  Y: '%Y',
  y: '%y',
}

/** Specifiers that strptime reads as MySQL's parser does. */
const MYSQL_READ = 'dHiMmSsTYeckbyIhpr'

export function mysqlToStrftime(format: string): string | undefined {
  return translated(format, Object.keys(MYSQL).join(''))
}

/** For reading, where years of two digits and names are left to the parser of JavaScript. */
export function mysqlToStrptime(format: string): string | undefined {
  return translated(format, MYSQL_READ.replace(/[yMbIhpr]/g, ''))
}

function translated(format: string, allowed: string): string | undefined {
  let result = ''
  for (let index = 0; index < format.length; index++) {
    const character = format[index] ?? ''
    if (character !== '%') {
      result += character
      continue
    }
    const specifier = format[++index] ?? ''
    if (specifier === '%') {
      result += '%%'
      continue
    }
    const known = MYSQL[specifier]
    if (specifier === '' || known === undefined || !allowed.includes(specifier)) return undefined
    result += known
  }
  return result
}

const JODA: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  YYYY: '%Y',
  y: '%Y',
  yy: '%y',
  MM: '%m',
  M: '%-m',
  MMM: '%b',
  MMMM: '%B',
  dd: '%d',
  d: '%-d',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  h: '%-I',
  mm: '%M',
  m: '%-M',
  ss: '%S',
  s: '%-S',
  SSS: '%g',
  a: '%p',
  EEE: '%a',
  EEEE: '%A',
  DDD: '%j',
  D: '%-j',
  ww: '%V',
  xxxx: '%G',
}

export function jodaToStrftime(pattern: string): string | undefined {
  let result = ''
  let rest = pattern
  while (rest !== '') {
    const quoted = /^'([^']*)'/.exec(rest)
    const letters = /^([A-Za-z])\1*/.exec(rest)
    if (quoted !== null) {
      result += (quoted[1] === '' ? "'" : (quoted[1] ?? '')).replaceAll('%', '%%')
      rest = rest.slice(quoted[0].length)
    } else if (letters !== null) {
      const known = JODA[letters[0]]
      if (known === undefined) return undefined
      result += known
      rest = rest.slice(letters[0].length)
    } else {
      if (rest[0] === "'") return undefined
      result += rest[0] === '%' ? '%%' : rest[0]
      rest = rest.slice(1)
    }
  }
  return result === '' ? undefined : result
}
