import { hierarchy, type HierarchyPointNode, tree } from "d3-hierarchy";
import type { Claim } from "../../../src/registry/findClaims.ts";

/** A claim in a family tree. */
export interface Member {
  readonly id: string;
  readonly claim?: Claim;
  readonly children: readonly Member[];
}

/** Most claims that are drawn. */
export const MOST = 60;

/** The line of ancestors, eldest first, and the claim's children below it. */
export function familyOf(ancestors: readonly Claim[], children: readonly Claim[]): Member {
  const below = children
    .slice(0, MOST)
    .map((claim) => ({ id: claim.claimId, claim, children: [] }));
  const line = ancestors.slice(0, MOST); // the claim first
  return line
    .slice(1)
    .reduce<Member>((child, claim) => ({ id: claim.claimId, claim, children: [child] }), {
      id: line[0]!.claimId,
      claim: line[0]!,
      children: below,
    });
}

/** Sizes of the drawing, in its own units. */
export const BOX = { width: 180, height: 44, across: 220, down: 58 } as const;

/** Places the tree from left to right. */
export function layout(family: Member): {
  nodes: HierarchyPointNode<Member>[];
  width: number;
  height: number;
  top: number;
} {
  const root = tree<Member>().nodeSize([BOX.down, BOX.across])(
    hierarchy<Member>(family, ({ children }) => children),
  );
  const nodes = root.descendants();
  const downs = nodes.map(({ x }) => x);
  const top = Math.min(...downs) - BOX.height / 2 - 2;
  const height = Math.max(...downs) + BOX.height / 2 + 2 - top;
  const width = Math.max(...nodes.map(({ y }) => y)) + BOX.width + 4;
  return { nodes, width, height, top };
}
