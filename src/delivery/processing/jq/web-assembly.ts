/** The part of the WebAssembly API that we use: Node has it, but neither its types nor the language's declare it. */

export interface WasmModule {
  /** So that nothing else passes for one. */
  readonly [Symbol.toStringTag]: 'WebAssembly.Module'
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer
  /** Detaches `buffer`. Throws RangeError past the maximum. */
  grow(pages: number): number
}

export type WasmImports = Record<string, Record<string, unknown>>

interface WebAssemblyApi {
  readonly Module: {
    new (bytes: Uint8Array): WasmModule
    imports(module: WasmModule): readonly { readonly module: string; readonly name: string }[]
  }
  readonly Instance: new (module: WasmModule, imports: WasmImports) => { readonly exports: unknown }
  readonly Memory: new (pages: { initial: number; maximum: number }) => WasmMemory
  readonly Table: new (size: { initial: number; maximum: number; element: 'anyfunc' }) => object
  readonly RuntimeError: new (message: string) => Error
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly
