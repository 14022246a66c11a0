/**
 * What a run says of itself, bounded: of many things of one kind the first few are told, and how many more there were.
 * A crawl of 2,000 partitions says tens of sentences.
 */
export const EXAMPLES_MAX = 5

/** Kinds of sentence of which there may be thousands, each with what is said of the rest. */
const REST = {
  classified: (more) => `… and ${more} more kinds of file.`,
  sampled: (more) => `… and in the same way of ${more} more folders.`,
  skipped: (more) => `… and ${more} more files were skipped.`,
  noted: (more) => `… and ${more} more files with something to note.`,
  single: (more) => `… and likewise under ${more} more.`,
  beside: (more) => `… and so do ${more} more folders.`,
  together: (more) => `… and so were the folders under ${more} more.`,
  apart: (more) => `… and so were the folders under ${more} more.`,
  filesApart: (more) => `… and the files of ${more} more folders are not alike either.`,
  leftOut: (more) => `… and ${more} more were left out.`,
  merged: (more) => `… and ${more} more such changes of columns.`,
  newFolder: (more) => `… and ${more} more folders that are new.`,
  made: (more) => `… and ${more} more tables were made.`,
  unreadable: (more) => `… and ${more} more tables that Athena cannot query.`,
  updated: (more) => `… and ${more} more tables were updated.`,
  unchanged: (more) => `… and ${more} more tables are as they were.`,
  kept: (more) => `… and ${more} more tables were left as they are.`,
  gone: (more) => `… and ${more} more tables whose data is gone.`,
  partitions: (more) => `… and partitions of ${more} more tables.`,
} satisfies Record<string, (more: number) => string>

export type SentenceKind = keyof typeof REST

/** In the order in which the kinds first came up. */
export class Sentences {
  readonly #said: { readonly kind: SentenceKind | undefined; readonly sentences: string[]; more: number }[] = []

  /** Something that a run says once or a few times. */
  say(sentence: string): void {
    this.#said.push({ kind: undefined, sentences: [sentence], more: 0 })
  }

  /** Something that there may be many of. */
  sayOf(kind: SentenceKind, sentence: string): void {
    let group = this.#said.find((other) => other.kind === kind)
    if (group === undefined) {
      group = { kind, sentences: [], more: 0 }
      this.#said.push(group)
    }
    if (group.sentences.length < EXAMPLES_MAX) group.sentences.push(sentence)
    else group.more += 1
  }

  all(): string[] {
    return this.#said.flatMap(({ kind, sentences, more }) =>
      kind === undefined || more === 0 ? sentences : [...sentences, REST[kind](more)],
    )
  }
}

/** At most a few of many names, and how many more. */
export function listed(names: readonly string[], max = EXAMPLES_MAX): string {
  const more = names.length - max
  return more <= 0 ? names.join(', ') : `${names.slice(0, max).join(', ')} and ${more} more`
}

/** Type texts and the like may be long; what is cut off is said to be. */
export function shortened(text: string, lengthMax = 80): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`
}
