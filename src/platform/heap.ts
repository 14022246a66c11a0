/** How V8 is to keep the heap of this process. */
import { setFlagsFromString } from 'node:v8'

/**
 * Buffers count as heap when V8 judges whether the heap has grown, and Node's ciphers give each frame out in a new one.
 * With some 20 MB alive V8 then goes through the whole heap after every 9 MB that were read: of a GET of 1 MiB that was
 * more than half of the processor time. Now it waits until the heap, buffers included, is four times what was alive.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=300')
}
