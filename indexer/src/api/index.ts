import { db, publicClients } from "ponder:api";
import schema from "ponder:schema";
import { eq, graphql } from "ponder";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { BaseError, ContractFunctionRevertedError } from "viem";
import { registryAbi } from "../../../src/registry/artifact.ts";

const app = new Hono();

/** A query of trainproof's own is about 1500 bytes and 150 tokens. */
const limits = { maxOperationTokens: 600, maxOperationDepth: 10, maxOperationAliases: 10 };

// Only POST: for GET, Ponder serves a page that loads its program from elsewhere.
app.post("/graphql", bodyLimit({ maxSize: 1 << 16 }), graphql({ db, schema }, limits));

/**
 * Whether the seed of a plan can still be drawn. Only the chain knows, where it keeps more block hashes than the 256 that every
 * chain has.
 */
app.get("/plans/:planId/state", async (c) => {
  const planId = c.req.param("planId") as `0x${string}`;
  if (!/^0x[0-9a-f]{64}$/.test(planId)) return c.json({ error: "no plan id" }, 400);
  const [plan] = await db.select().from(schema.plan).where(eq(schema.plan.planId, planId));
  const [deployment] = await db.select().from(schema.deployment);
  if (plan === undefined || deployment === undefined) return c.json({ error: "no such plan" }, 404);
  if (plan.seed !== null) return c.json({ state: "drawn" });
  try {
    await publicClients.chain.simulateContract({
      address: deployment.address,
      abi: registryAbi,
      functionName: "drawSeed",
      args: [planId],
    });
    return c.json({ state: "ready" });
  } catch (error) {
    const reverted =
      error instanceof BaseError
        ? error.walk((cause) => cause instanceof ContractFunctionRevertedError)
        : null;
    const name =
      reverted instanceof ContractFunctionRevertedError ? reverted.data?.errorName : undefined;
    if (name === "SeedMissed") return c.json({ state: "missed" });
    if (name === "SeedNotReady") return c.json({ state: "waiting" });
    return c.json({ error: "the chain did not answer" }, 502);
  }
});

export default app;
