import { ascii, u32, u64, u8 } from "./bytes.ts";
import { keccak256 } from "./hash.ts";
import { POINT_BYTES } from "./points.ts";

const LEAF = ascii("trainproof/1/sample-leaf");
const NODE = ascii("trainproof/1/sample-node");
const ROOT = ascii("trainproof/1/data-root");

/** What a data root fixes beside the samples' commitments (PROTOCOL §7). */
export interface DataParameters {
  /** n_0 features and n_L labels of a sample. */
  readonly features: number;
  readonly labels: number;
  readonly fA: number;
  readonly sigma: number;
  readonly x0: number;
  readonly y0: number;
}

/** The Merkle tree over sample commitments, one leaf at a time, in memory logarithmic in S. */
export class SampleTree {
  #count = 0;
  /** Roots of full subtrees from the left, as wide as the bits of the count. */
  #peaks: Uint8Array[] = [];

  /** Appends the next sample's commitment, 64 bytes. */
  append(commitment: Uint8Array): void {
    let node = keccak256(LEAF, u64(this.#count), commitment);
    for (let full = this.#count++; full % 2 === 1; full = Math.floor(full / 2))
      node = keccak256(NODE, this.#peaks.pop()!, node);
    this.#peaks.push(node);
  }

  get count(): number {
    return this.#count;
  }

  /** The top node; a level's odd last node moved up unchanged. A RangeError without samples. */
  top(): Uint8Array {
    if (this.#count === 0) throw new RangeError("SampleTree: a data set needs a sample");
    return this.#peaks.reduceRight((right, left) => keccak256(NODE, left, right));
  }
}

/** dataRoot over a tree of `samples` leaves with the given top. */
export function dataRoot(samples: number, top: Uint8Array, p: DataParameters): Uint8Array {
  return keccak256(
    ROOT,
    u64(samples),
    u32(p.features),
    u32(p.labels),
    u8(p.fA),
    u8(p.sigma),
    u32(p.x0),
    u32(p.y0),
    top,
  );
}

/**
 * The sample list of a data set: C_0 ‖ … ‖ C_{S−1}. Its tree is hashed once, when first asked for,
 * however many segments are verified against it. The bytes must not change afterwards.
 */
export class SampleList {
  readonly bytes: Uint8Array;
  #top: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** S, or a fraction where the bytes are no whole number of commitments. */
  get count(): number {
    return this.bytes.length / POINT_BYTES;
  }

  /** The 64 bytes of C_i. */
  commitment(index: number): Uint8Array {
    return this.bytes.subarray(POINT_BYTES * index, POINT_BYTES * (index + 1));
  }

  /** The data root; a RangeError unless the list is a positive whole number of commitments. */
  root(parameters: DataParameters): Uint8Array {
    if (this.#top === undefined) {
      if (!Number.isInteger(this.count))
        throw new RangeError(`SampleList: ${this.bytes.length} bytes are no multiple of 64`);
      const tree = new SampleTree();
      for (let i = 0; i < this.count; i++) tree.append(this.commitment(i));
      this.#top = tree.top();
    }
    return dataRoot(this.count, this.#top, parameters);
  }
}
