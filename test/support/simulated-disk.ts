/**
 * A disk in memory that keeps its promises and no more: bytes that were not synced may be torn at sector boundaries by
 * a crash, or land in any order, or not at all; names whose folder was not synced may appear or vanish. Faults can be
 * set to make the next operations fail as a full or dying disk does.
 */
import { dirname } from 'node:path'
import type { FileSystem, OpenFile } from '../../src/platform/file-system.ts'
import type { Random } from '../../src/platform/random.ts'

const SECTOR_BYTES = 512

interface Change {
  readonly position: number
  /** undefined: the file was cut at `position`. */
  readonly bytes: Buffer | undefined
}

class Inode {
  data: Buffer = Buffer.alloc(0)
  synced: Buffer = Buffer.alloc(0)
  changes: Change[] = []

  apply(change: Change): void {
    this.data = applied(this.data, change)
    this.changes.push(change)
  }

  sync(): void {
    this.synced = this.data
    this.changes = []
  }

  /** What a crash leaves: of every unsynced change all, nothing, or some sectors. */
  crash(random: Random): void {
    for (const change of this.changes) {
      const luck = random.unit()
      if (luck < 0.4) this.synced = applied(this.synced, change)
      else if (luck < 0.8 && change.bytes !== undefined) this.synced = torn(this.synced, change, random)
    }
    this.data = this.synced
    this.changes = []
  }
}

export type DiskFault =
  | 'fullDisk'
  | 'failedSync'
  | 'failedWrite'
  | 'failedRead'
  /** Fewer bytes than there are. */
  | 'shortRead'
  /** Of files and of folders. */
  | 'failedOpen'
  | 'failedMakeDirectory'
  | 'failedRename'
  | 'failedFolderSync'
  | 'failedRemove'

export class SimulatedDisk {
  names = new Map<string, Inode>()
  #syncedNames = new Map<string, Inode>()
  folders = new Set<string>()
  #syncedFolders = new Set<string>()
  readonly #random: Random
  /** Taken from the front, one by one, by the operations they concern. */
  faults: DiskFault[] = []
  /** Called before each step of a process; may let it fail, or the power. */
  beforeStep: () => void = () => undefined
  #generation = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** The disk as one process sees it. After `crash` that process's calls never return. */
  fileSystem(): FileSystem {
    const generation = this.#generation
    return new Session(this, this.#random, () => generation === this.#generation)
  }

  /** The process dies; the operating system lives on and still has every byte. */
  kill(): void {
    this.#generation += 1
    this.faults = []
  }

  /** The power fails. */
  crash(): void {
    this.kill()
    const names = new Map<string, Inode>()
    const folders = new Set<string>()
    for (const folder of new Set([...this.folders, ...this.#syncedFolders])) {
      if (this.#oneOf(this.folders.has(folder), this.#syncedFolders.has(folder))) folders.add(folder)
    }
    for (const path of new Set([...this.names.keys(), ...this.#syncedNames.keys()])) {
      const inode = this.#oneOf(this.names.get(path), this.#syncedNames.get(path))
      if (inode !== undefined && folders.has(dirname(path))) names.set(path, inode)
    }
    for (const inode of names.values()) inode.crash(this.#random)
    this.names = new Map(names)
    this.#syncedNames = new Map(names)
    this.folders = new Set(folders)
    this.#syncedFolders = new Set(folders)
  }

  syncFolder(folder: string): void {
    const isHere = (path: string) => dirname(path) === folder
    for (const path of [...this.#syncedNames.keys()].filter(isHere)) this.#syncedNames.delete(path)
    for (const [path, inode] of this.names) if (isHere(path)) this.#syncedNames.set(path, inode)
    for (const path of [...this.#syncedFolders].filter(isHere)) this.#syncedFolders.delete(path)
    for (const path of this.folders) if (isHere(path)) this.#syncedFolders.add(path)
  }

  takeFault(...kinds: DiskFault[]): DiskFault | undefined {
    const next = this.faults[0]
    if (next === undefined || !kinds.includes(next)) return undefined
    return this.faults.shift()
  }

  /** Flips one bit of a file's durable bytes. */
  flipBit(path: string, bit: number): void {
    const inode = this.#inode(path)
    const data = Buffer.from(inode.data)
    data[bit >> 3] = (data[bit >> 3] as number) ^ (1 << (bit & 7))
    inode.data = data
    inode.sync()
  }

  cut(path: string, length: number): void {
    const inode = this.#inode(path)
    inode.data = Buffer.from(inode.data.subarray(0, length))
    inode.sync()
  }

  sizeOf(path: string): number {
    return this.#inode(path).data.byteLength
  }

  #inode(path: string): Inode {
    const inode = this.names.get(path)
    if (inode === undefined) throw new Error(`No file ${path} on the simulated disk.`)
    return inode
  }

  #oneOf<Value>(now: Value, synced: Value): Value {
    return this.#random.unit() < 0.5 ? now : synced
  }

  createInode(): Inode {
    return new Inode()
  }
}

class Session implements FileSystem {
  readonly #disk: SimulatedDisk
  readonly #random: Random
  readonly #isAlive: () => boolean

  constructor(disk: SimulatedDisk, random: Random, isAlive: () => boolean) {
    this.#disk = disk
    this.#random = random
    this.#isAlive = isAlive
  }

  open(path: string, mode: 'create' | 'append' | 'read' | 'readWrite'): Promise<OpenFile> {
    return this.step(() => {
      this.#fail('failedOpen')
      let inode = this.#disk.names.get(path)
      if (inode === undefined) {
        if (mode === 'read' || mode === 'readWrite' || !this.#disk.folders.has(dirname(path)))
          throw systemError('ENOENT')
        inode = this.#disk.createInode()
        this.#disk.names.set(path, inode)
      } else if (mode === 'create') throw systemError('EEXIST')
      return new SimulatedFile(this, this.#disk, inode)
    })
  }

  rename(from: string, to: string): Promise<void> {
    return this.step(() => {
      this.#fail('failedRename')
      const inode = this.#disk.names.get(from)
      if (inode === undefined) throw systemError('ENOENT')
      this.#disk.names.delete(from)
      this.#disk.names.set(to, inode)
    })
  }

  link(from: string, to: string): Promise<void> {
    return this.step(() => {
      const inode = this.#disk.names.get(from)
      if (inode === undefined) throw systemError('ENOENT')
      if (this.#disk.names.has(to)) throw systemError('EEXIST')
      this.#disk.names.set(to, inode)
    })
  }

  remove(path: string): Promise<void> {
    return this.step(() => {
      this.#fail('failedRemove')
      this.#disk.names.delete(path)
    })
  }

  removeTree(path: string): Promise<void> {
    return this.step(() => {
      const isBelow = (name: string) => name === path || name.startsWith(`${path}/`)
      for (const name of [...this.#disk.names.keys()].filter(isBelow)) this.#disk.names.delete(name)
      for (const name of [...this.#disk.folders].filter(isBelow)) this.#disk.folders.delete(name)
    })
  }

  makeDirectory(path: string): Promise<void> {
    return this.step(() => {
      this.#fail('failedMakeDirectory')
      for (let folder = path; !this.#disk.folders.has(folder); folder = dirname(folder)) this.#disk.folders.add(folder)
    })
  }

  syncDirectory(path: string): Promise<void> {
    return this.step(() => {
      this.#fail('failedFolderSync')
      this.#disk.syncFolder(path)
    })
  }

  list(path: string): Promise<{ name: string; isDirectory: boolean }[]> {
    return this.step(() => {
      const entry = (name: string, isDirectory: boolean) =>
        dirname(name) === path && name !== path ? [{ name: name.slice(path.length + 1), isDirectory }] : []
      return [
        ...[...this.#disk.names.keys()].flatMap((name) => entry(name, false)),
        ...[...this.#disk.folders].flatMap((name) => entry(name, true)),
      ]
    })
  }

  size(path: string): Promise<number | undefined> {
    return this.step(() => (this.#disk.folders.has(path) ? 0 : this.#disk.names.get(path)?.data.byteLength))
  }

  /** Does `effect` some turns from now and answers some turns later; a process that died in between never hears. */
  async step<Result>(effect: () => Result): Promise<Result> {
    await this.#turns()
    this.#disk.beforeStep()
    await this.#requireAlive()
    const result = effect()
    await this.#turns()
    return result
  }

  #fail(fault: DiskFault): void {
    if (this.#disk.takeFault(fault) !== undefined) throw systemError('EIO')
  }

  async #turns(): Promise<void> {
    const turns = Math.floor(this.#random.unit() * 6)
    for (let turn = 0; turn < turns; turn++) await undefined
    await this.#requireAlive()
  }

  async #requireAlive(): Promise<void> {
    if (!this.#isAlive()) await new Promise(() => undefined)
  }
}

class SimulatedFile implements OpenFile {
  readonly #session: Session
  readonly #disk: SimulatedDisk
  readonly #inode: Inode
  #isOpen = true

  constructor(session: Session, disk: SimulatedDisk, inode: Inode) {
    this.#session = session
    this.#disk = disk
    this.#inode = inode
  }

  write(bytes: Uint8Array, position?: number): Promise<void> {
    return this.#step(() => this.#write(bytes, position ?? this.#inode.data.byteLength))
  }

  writeMany(buffers: readonly Uint8Array[]): Promise<void> {
    return this.#step(() => this.#write(Buffer.concat(buffers), this.#inode.data.byteLength))
  }

  read(length: number, position: number): Promise<Buffer> {
    return this.#step(() => {
      const fault = this.#disk.takeFault('failedRead', 'shortRead')
      if (fault === 'failedRead') throw systemError('EIO')
      const kept = fault === 'shortRead' ? length >> 1 : length
      return Buffer.from(this.#inode.data.subarray(position, position + kept))
    })
  }

  sync(): Promise<void> {
    return this.#step(() => {
      if (this.#disk.takeFault('failedSync') !== undefined) throw systemError('EIO')
      this.#inode.sync()
    })
  }

  truncate(length: number): Promise<void> {
    return this.#step(() => this.#inode.apply({ position: length, bytes: undefined }))
  }

  size(): Promise<number> {
    return this.#step(() => this.#inode.data.byteLength)
  }

  close(): Promise<void> {
    return this.#step(() => {
      this.#isOpen = false
    })
  }

  #write(bytes: Uint8Array, position: number): void {
    const fault = this.#disk.takeFault('fullDisk', 'failedWrite')
    const kept = fault === undefined ? bytes : bytes.subarray(0, bytes.byteLength >> 1)
    this.#inode.apply({ position, bytes: Buffer.from(kept) })
    if (fault !== undefined) throw systemError(fault === 'fullDisk' ? 'ENOSPC' : 'EIO')
  }

  #step<Result>(effect: () => Result): Promise<Result> {
    return this.#session.step(() => {
      if (!this.#isOpen) throw systemError('EBADF')
      return effect()
    })
  }
}

function applied(data: Buffer, { position, bytes }: Change): Buffer {
  const size = bytes === undefined ? position : Math.max(data.byteLength, position + bytes.byteLength)
  const next = Buffer.alloc(size)
  data.copy(next, 0, 0, Math.min(data.byteLength, size))
  bytes?.copy(next, position)
  return next
}

/** Some sectors of the change arrive, others stay zero; the length may or may not have been extended. */
function torn(data: Buffer, change: Change, random: Random): Buffer {
  const bytes = change.bytes as Buffer
  const kept = bytes.subarray(0, Math.ceil(bytes.byteLength * random.unit()))
  const holed = Buffer.from(kept)
  for (let at = 0; at < holed.byteLength; at += SECTOR_BYTES) {
    if (random.unit() < 0.3) holed.fill(0, at, Math.min(at + SECTOR_BYTES, holed.byteLength))
  }
  return applied(data, { position: change.position, bytes: holed })
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code })
}
