import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { registerClaim } from "../../src/registry/index.ts";
import { type Anvil, startAnvil } from "./anvil.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { askGraphql, type IndexerProcess, isAtHead, startIndexer } from "./process.ts";
import { compareReaders } from "./questions.ts";
import { contentNamed, fillRegistry, type Scenario } from "./scenario.ts";

describe("the indexer on Postgres", function () {
  this.timeout(240_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-indexer-postgres-"));
  let postgres: Postgres;
  let anvil: Anvil;
  let indexer: IndexerProcess;
  let scenario: Scenario;

  before(async () => {
    [postgres, anvil] = await Promise.all([startPostgres(), startAnvil()]);
    scenario = await fillRegistry(anvil);
    indexer = await startIndexer({
      TRAINPROOF_RPC_URL: anvil.rpcUrl,
      TRAINPROOF_REGISTRY: anvil.registry,
      TRAINPROOF_DISPUTES: anvil.disputes,
      TRAINPROOF_INDEXER_DATA: path.join(folder, "pglite"),
      DATABASE_URL: postgres.url,
    });
    await isAtHead(indexer, anvil);
  });
  after(async () => {
    await indexer?.stop("SIGKILL");
    await anvil?.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("answers every query as the node does, hostile texts included", () =>
    compareReaders(anvil, indexer.url, scenario));

  it("forgets what a reorganisation dropped, and takes what came instead", async () => {
    const owner = await anvil.clients(1);
    const lost = await registerClaim(owner, { content: contentNamed("lost"), uri: "lost" });
    await isAtHead(indexer, anvil);
    const claims = `{ attestations: claims(where: { claimId: "${lost.claimId}" }) { totalCount } }`;
    const count = async () => (await askGraphql(indexer.url, claims)).data.attestations.totalCount;
    assert.equal(await count(), 1);
    await anvil.reorg(1);
    await registerClaim(owner, { content: contentNamed("instead"), uri: "instead" });
    await isAtHead(indexer, anvil);
    assert.equal(await count(), 0);
    await compareReaders(anvil, indexer.url, scenario);
  });

  it("keeps nothing in an embedded database beside it", () => {
    assert.deepEqual(readdirSync(folder), []);
  });

  it("shows nobody the database's address", () => {
    assert.ok(!indexer.output().includes(postgres.url));
  });
});
