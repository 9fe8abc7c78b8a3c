import { ascii, u32, u64, u8 } from "./bytes.ts";
import { keccak256 } from "./hash.ts";
import { MerkleTree } from "./merkleTree.ts";
import { POINT_BYTES } from "./points.ts";

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

/** The Merkle tree over sample commitments of 64 bytes (PROTOCOL §7). */
export class SampleTree extends MerkleTree {
  constructor() {
    super("trainproof/1/sample-leaf", "trainproof/1/sample-node");
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
