/**
 * One block of bzip2: Huffman codes, move to front, Burrows–Wheeler, runs.
 *
 *   block  = magic 48, crc 32, randomised 1, origin 24, symbols used 16 + 16 × 16, tables 3, selectors 15,
 *            { selector: unary }, { table: 5, { delta } }, { Huffman code }, end of block            (numbers are bits)
 */
import type { BitReader } from './bit-reader.ts'
import { corrupt } from './corrupt-data.ts'

/** The block before its last two steps, which `blockBytes` does piece by piece: runs can blow it up 50 times. */
export interface SortedBlock {
  /** The last column of the sorted rotations; links into it in the upper 24 bits. */
  readonly column: Uint32Array
  readonly length: number
  readonly origin: number
  readonly crc: number
}

const CODE_BITS_MAX = 20
const SYMBOLS_PER_SELECTOR = 50
const [RUN_A, RUN_B] = [0, 1]
const PIECE_BYTES = 64 * 1024

interface CodeTable {
  readonly bitsMin: number
  /** By length of code: the largest code of that length, and what to take from a code for its place in `symbols`. */
  readonly limits: Int32Array
  readonly bases: Int32Array
  readonly symbols: Uint16Array
}

/** Behind the magic. `column` has room for the longest block of the stream, and is written over. */
export function readBlock(bits: BitReader, column: Uint32Array): SortedBlock {
  const crc = bits.read(32)
  if (bits.read(1) === 1) throw corrupt('bzip2', 'it is randomised, which no writer has done since 1997')
  const origin = bits.read(24)
  const used = readUsedBytes(bits)
  const tableCount = bits.read(3)
  if (tableCount < 2 || tableCount > 6) throw corrupt('bzip2', `a block has ${tableCount} Huffman tables`)
  const selectors = readSelectors(bits, tableCount)
  const tables = Array.from({ length: tableCount }, () => readTable(bits, used.length + 2))
  const { length, counts } = readSymbols(bits, { used, selectors, tables, column })
  if (origin >= length) throw corrupt('bzip2', 'a block begins behind its end')
  link(column, length, counts)
  return { column, length, origin, crc }
}

function readUsedBytes(bits: BitReader): Uint8Array {
  const groups = bits.read(16)
  const used: number[] = []
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue
    const members = bits.read(16)
    for (let member = 0; member < 16; member++) if ((members & (0x8000 >> member)) !== 0) used.push(group * 16 + member)
  }
  if (used.length === 0) throw corrupt('bzip2', 'a block uses no bytes')
  return Uint8Array.from(used)
}

function readSelectors(bits: BitReader, tableCount: number): Uint8Array {
  const count = bits.read(15)
  if (count === 0) throw corrupt('bzip2', 'a block uses no Huffman table')
  const recent = Array.from({ length: tableCount }, (_, index) => index)
  const selectors = new Uint8Array(count)
  for (let index = 0; index < count; index++) {
    let place = 0
    while (bits.read(1) === 1) if (++place >= tableCount) throw corrupt('bzip2', 'a Huffman table is missing')
    const [table = 0] = recent.splice(place, 1)
    recent.unshift(table)
    selectors[index] = table
  }
  return selectors
}

function readTable(bits: BitReader, symbolCount: number): CodeTable {
  const lengths = new Uint8Array(symbolCount)
  let length = bits.read(5)
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > CODE_BITS_MAX) throw corrupt('bzip2', `a Huffman code has ${length} bits`)
      if (bits.read(1) === 0) break
      length += bits.read(1) === 0 ? 1 : -1
    }
    lengths[symbol] = length
  }
  return canonicalTable(lengths)
}

function canonicalTable(lengths: Uint8Array): CodeTable {
  const symbols = new Uint16Array(lengths.length)
  const limits = new Int32Array(CODE_BITS_MAX + 1).fill(-1)
  const bases = new Int32Array(CODE_BITS_MAX + 1)
  let code = 0
  let placed = 0
  for (let length = 1; length <= CODE_BITS_MAX; length++) {
    bases[length] = code - placed
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue
      symbols[placed++] = symbol
      code += 1
    }
    limits[length] = code - 1
    code *= 2
  }
  return { bitsMin: Math.min(...lengths), limits, bases, symbols }
}

interface SymbolSource {
  readonly used: Uint8Array
  readonly selectors: Uint8Array
  readonly tables: readonly CodeTable[]
  readonly column: Uint32Array
}

/** Fills the column with bytes; `counts` says how many of each there are. */
function readSymbols(bits: BitReader, { used, selectors, tables, column }: SymbolSource) {
  const recent = Uint8Array.from(used)
  const counts = new Uint32Array(256)
  const endOfBlock = used.length + 1
  let length = 0
  let run = 0
  let runUnit = 1
  for (const selector of selectors) {
    const table = tables[selector] as CodeTable
    for (let taken = 0; taken < SYMBOLS_PER_SELECTOR; taken++) {
      const symbol = readSymbol(bits, table)
      if (symbol === RUN_A || symbol === RUN_B) {
        run += runUnit << symbol
        if (run > column.length) throw corrupt('bzip2', 'a run is longer than its block')
        runUnit *= 2
        continue
      }
      if (run > 0) {
        const byte = recent[0] as number
        if (length + run > column.length) throw corrupt('bzip2', 'a block is longer than its stream allows')
        column.fill(byte, length, length + run)
        counts[byte] = (counts[byte] as number) + run
        length += run
        run = 0
        runUnit = 1
      }
      if (symbol === endOfBlock) return { length, counts }
      if (length >= column.length) throw corrupt('bzip2', 'a block is longer than its stream allows')
      const place = symbol - 1
      const byte = recent[place] as number
      recent.copyWithin(1, 0, place)
      recent[0] = byte
      counts[byte] = (counts[byte] as number) + 1
      column[length++] = byte
    }
  }
  throw corrupt('bzip2', 'a block has no end')
}

function readSymbol(bits: BitReader, table: CodeTable): number {
  let length = table.bitsMin
  let code = bits.read(length)
  while (code > (table.limits[length] as number)) {
    if (++length > CODE_BITS_MAX) throw corrupt('bzip2', 'a Huffman code is unknown')
    code = code * 2 + bits.read(1)
  }
  const symbol = table.symbols[code - (table.bases[length] as number)]
  if (symbol === undefined) throw corrupt('bzip2', 'a Huffman code is unknown')
  return symbol
}

/** Where in the first column, which is the last one sorted, each byte of the last column is. */
function link(column: Uint32Array, length: number, counts: Uint32Array): void {
  const next = new Uint32Array(256)
  for (let byte = 1; byte < 256; byte++) next[byte] = (next[byte - 1] as number) + (counts[byte - 1] as number)
  for (let index = 0; index < length; index++) {
    const byte = (column[index] as number) & 0xff
    const place = next[byte] as number
    next[byte] = place + 1
    column[place] = ((column[place] as number) & 0xff) | (index << 8)
  }
}

export interface BlockPiece {
  readonly bytes: Uint8Array
  /** Of the block that is left. */
  readonly shareLeft: number
}

/** Undoes the sorting and then the runs: four equal bytes are followed by how many more there are. */
export function* blockBytes({ column, length, origin, crc }: SortedBlock): Generator<BlockPiece> {
  let piece = Buffer.allocUnsafe(PIECE_BYTES)
  let filled = 0
  let check = 0xffffffff
  let entry = column[origin] as number
  let previous = -1
  let equal = 0
  for (let index = 0; index < length; index++) {
    entry = column[entry >>> 8] as number
    const byte = entry & 0xff
    const copies = equal === 4 ? byte : 1
    const value = equal === 4 ? previous : byte
    for (let copy = 0; copy < copies; copy++) {
      check = ((check << 8) ^ (CRC_TABLE[(check >>> 24) ^ value] as number)) >>> 0
      piece[filled++] = value
      if (filled < PIECE_BYTES) continue
      yield { bytes: piece, shareLeft: 1 - index / length }
      piece = Buffer.allocUnsafe(PIECE_BYTES)
      filled = 0
    }
    if (equal === 4) {
      equal = 0
      previous = -1
    } else {
      equal = byte === previous ? equal + 1 : 1
      previous = byte
    }
  }
  if (filled > 0) yield { bytes: piece.subarray(0, filled), shareLeft: 0 }
  if ((check ^ 0xffffffff) >>> 0 !== crc) throw corrupt('bzip2', 'a checksum does not fit')
}

/** CRC-32 with the most significant bit first, unlike zlib's. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = (byte << 24) >>> 0
  for (let bit = 0; bit < 8; bit++) value = ((value << 1) ^ (value & 0x80000000 ? 0x04c11db7 : 0)) >>> 0
  return value
})
