/**
 * Entry of a conversion thread: takes records in pieces, gives the file back in pieces. It has the priority of any other
 * thread: a stream that accepts faster than it delivers has to slow its producers down sooner or later.
 */
import { parentPort } from 'node:worker_threads'
import { RecordConverter } from './record-converter.ts'
import type { FromConversionThread, IndexedFailure, ToConversionThread } from './thread-protocol.ts'

const FILE_PIECE_BYTES = 1024 * 1024

const port = parentPort
if (port === null) throw new Error('conversion-thread.ts is the entry of a worker thread.')

let current: { readonly job: number; readonly converter: RecordConverter } | undefined

port.on('message', (message: ToConversionThread) => {
  try {
    handle(message)
  } catch (error) {
    current = undefined
    answer({ kind: 'broken', job: message.job, message: String((error as Error).stack ?? error) })
  }
})

function handle(message: ToConversionThread): void {
  const { job } = message
  if (message.kind === 'begin') {
    current = { job, converter: new RecordConverter(message.columns, message.settings) }
    return
  }
  if (current?.job !== job) return
  const { converter } = current
  switch (message.kind) {
    case 'add': {
      const failures = addAll(converter, message.bytes, message.ends)
      sendFile(job, converter)
      answer({ kind: 'added', job, bytes: message.bytes, failures }, [message.bytes])
      return
    }
    case 'finish':
      converter.finish()
      sendFile(job, converter)
      current = undefined
      answer({ kind: 'finished', job, rows: converter.rows })
      return
    case 'abandon':
      current = undefined
      return
  }
}

function addAll(converter: RecordConverter, bytes: ArrayBuffer, ends: Uint32Array): IndexedFailure[] {
  const records = Buffer.from(bytes)
  const failures: IndexedFailure[] = []
  let from = 0
  for (let index = 0; index < ends.length; index++) {
    const end = ends[index] as number
    const failure = converter.add(records.subarray(from, end))
    if (failure !== undefined) failures.push({ index, ...failure })
    from = end
  }
  return failures
}

/** In pieces of one size, because pages come by the thousand and some share memory with others. */
function sendFile(job: number, converter: RecordConverter): void {
  const parts = converter.takeBytes()
  let left = parts.reduce((sum, { length }) => sum + length, 0)
  let piece = new Uint8Array(Math.min(left, FILE_PIECE_BYTES))
  let filled = 0
  for (const part of parts) {
    for (let from = 0; from < part.length; ) {
      const taken = part.subarray(from, from + piece.length - filled)
      piece.set(taken, filled)
      filled += taken.length
      from += taken.length
      if (filled < piece.length) continue
      left -= filled
      answer({ kind: 'file', job, bytes: piece }, [piece.buffer])
      piece = new Uint8Array(Math.min(left, FILE_PIECE_BYTES))
      filled = 0
    }
  }
}

function answer(message: FromConversionThread, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer)
}
