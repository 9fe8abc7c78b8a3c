import { ascii, u64 } from "./bytes.ts";
import { keccak256 } from "./hash.ts";

/**
 * A Merkle tree, one leaf at a time, in memory logarithmic in their number:
 *
 *     leaf_i = keccak256(leaf tag ‖ u64 i ‖ content_i),   node = keccak256(node tag ‖ left ‖ right)
 *
 * A level's odd last node moves up unchanged (PROTOCOL §7, and docs/FILES.md for segmentsRoot).
 */
export class MerkleTree {
  readonly #leafTag: Uint8Array;
  readonly #nodeTag: Uint8Array;
  #count = 0;
  /** Roots of full subtrees from the left, as wide as the bits of the count. */
  #peaks: Uint8Array[] = [];

  /** Tags are ASCII; they keep leaves, nodes and other trees apart. */
  constructor(leafTag: string, nodeTag: string) {
    this.#leafTag = ascii(leafTag);
    this.#nodeTag = ascii(nodeTag);
  }

  /** Appends the next leaf's content, of the same length in all leaves. */
  append(content: Uint8Array): void {
    let node = keccak256(this.#leafTag, u64(this.#count), content);
    for (let full = this.#count++; full % 2 === 1; full = Math.floor(full / 2))
      node = keccak256(this.#nodeTag, this.#peaks.pop()!, node);
    this.#peaks.push(node);
  }

  get count(): number {
    return this.#count;
  }

  /** The top node; a RangeError without leaves. */
  top(): Uint8Array {
    if (this.#count === 0) throw new RangeError("MerkleTree: a tree needs a leaf");
    return this.#peaks.reduceRight((right, left) => keccak256(this.#nodeTag, left, right));
  }
}
