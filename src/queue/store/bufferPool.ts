/** What wants memory for an object of so many bytes; its content may be anything. */
export type Allocate = (size: number) => Uint8Array;

/**
 * Memory that is used again: for objects as large as a network's weights, mapping and clearing new memory takes as long as reading them.
 */
export class BufferPool {
  readonly #free: Uint8Array[] = [];
  readonly #own = new WeakSet<ArrayBufferLike>();

  /** So many bytes. They are the caller's until given back, or for good. */
  readonly take: Allocate = (size) => {
    const found = this.#free.findIndex(({ length }) => length >= size);
    const buffer = this.#free.splice(found, found < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(size);
    this.#own.add(buffer.buffer);
    return buffer.subarray(0, size);
  };

  /** Wipes what was made in memory that take() gave, and keeps the memory; nobody may use it any more. Other memory is let alone. */
  giveBack({ buffer }: ArrayBufferView): void {
    if (!this.#own.delete(buffer)) return;
    const bytes = new Uint8Array(buffer);
    bytes.fill(0);
    // One for what is at work, one for what comes next.
    if (this.#free.push(bytes) > 2) this.#free.shift();
  }
}
