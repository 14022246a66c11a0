/** How many files and connections together the system lets this process have open. */
import { readFileSync } from 'node:fs'

/** undefined where the system does not tell: only Linux does, in a file. Node has raised the soft limit to the hard one. */
export function openFilesMax(): number | undefined {
  try {
    return openFilesIn(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return undefined // No such file: another system.
  }
}

export function openFilesIn(limits: string): number | undefined {
  const found = /^Max open files +(\d+|unlimited)/m.exec(limits)?.[1]
  return found === undefined || found === 'unlimited' ? undefined : Number(found)
}
