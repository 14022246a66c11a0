/** LIKE's patterns: `%` is any text, `_` any one character; there is no escape. */
export function likePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, 'su')
}

/** What every text that matches begins with. */
export function likePrefix(pattern: string): string {
  return /^[^%_]*/.exec(pattern)?.[0] ?? ''
}
