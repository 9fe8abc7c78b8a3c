import type { Address } from "viem";
import { cutSegments, type Json, type PublicConfig, sha256 } from "../artifact/index.ts";
import { toHex } from "../protocol/index.ts";
import {
  type Attestation,
  type GetClaimReturnType,
  type Origin,
  sampleSentence,
  UNDISCLOSED,
} from "../registry/index.ts";

export interface ModelCardParameters {
  chainId: number;
  registry: Address;
  claim: GetClaimReturnType;
  /** Verdicts on the claim; revoked ones are left out. */
  attestations: readonly Attestation[];
  /** What the claim's line of ancestors begins with (findOrigin). */
  origin: Origin;
  /** The run's public configuration, where its files could be read: architecture and training. */
  config?: PublicConfig;
  /** Of the package that makes the card. */
  version: string;
}

/** What a claim, even a verified one, leaves open (README, "What a valid proof means"). */
const limitations = [
  "The training data are a commitment to some samples; a valid proof does not say that they are what the claimant calls them.",
  "A valid proof says nothing of the model's accuracy, nor that test data was kept apart.",
  "A valid proof does not say that a model somebody serves is the committed one.",
  "A hash of an exported weights file is the claimant's word that the file holds the committed weights.",
];

/** What is said of weights of which nobody says where they come from, and of a line that is too long to be followed. */
const originLimitations: Record<Origin, string[]> = {
  seed: [],
  undisclosed: [
    `The model was ${UNDISCLOSED}: they may be the result of any computation on any data, and the proofs say nothing of them.`,
  ],
  unknown: ["The claim has too many ancestors to say what the first of them started from."],
};
const startNames = { seed: "publicSeed", parent: "parentClaim", undisclosed: "undisclosedWeights" };

const sha256Of = (digest: string) => [{ alg: "SHA-256", content: digest.slice(2) }];
const property = (name: string, value: string | number | bigint) => ({
  name: `trainproof:${name}`,
  value: String(value),
});

/** An absolute URL, as CycloneDX wants them (RFC 3987); what is none is left out. */
const isUrl = (text: string) => /^\S+$/.test(text) && URL.canParse(text);

/** urn:uuid of a claim: UUID version 8 (RFC 9562) from SHA-256 of its id, so that a claim has one. */
function serialNumber(claimId: string): string {
  const bytes = sha256(new TextEncoder().encode(`trainproof/model-card/${claimId}`)).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = toHex(bytes);
  const parts = [[0, 8], [8, 12], [12, 16], [16, 20], [20]] as const;
  return `urn:uuid:${parts.map(([from, to]) => hex.slice(from, to)).join("-")}`;
}

/**
 * A CycloneDX 1.6 ML-BOM with the model card of a claim: the model, its training data as a commitment, and who verified it. It repeats
 * the registry and the run's configuration, and vouches for nothing itself.
 *
 * @example
 * const claim = await getClaim(clients, { claimId });
 * const attestations = await getAttestations(clients, { claimId });
 * const origin = await findOrigin(chainReader(clients), claim);
 * const card = modelCard({ chainId, registry, claim, attestations, origin, version });
 */
export function modelCard(parameters: ModelCardParameters): Json {
  const { claim, config, version } = parameters;
  const dataRef = `data:${claim.dataRoot}`;
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: serialNumber(claim.claimId),
    version: 1,
    metadata: {
      timestamp: new Date(claim.registeredAt * 1000).toISOString(),
      tools: { components: [{ type: "application", name: "trainproof", version }] },
      component: modelComponent(parameters, dataRef),
    },
    components: [
      {
        type: "data",
        "bom-ref": dataRef,
        name: "committed training data",
        data: [
          {
            type: "dataset",
            name: "committed training data",
            contents: {
              properties: [
                property("dataRoot", claim.dataRoot),
                ...(config
                  ? [property("samples", config.samples), property("labels", config.labels)]
                  : []),
              ],
            },
          },
        ],
      },
    ],
    dependencies: [{ ref: `claim:${claim.claimId}`, dependsOn: [dataRef] }, { ref: dataRef }],
  };
}

function modelComponent(parameters: ModelCardParameters, dataRef: string): Json {
  const { chainId, registry, claim, origin, config } = parameters;
  return {
    type: "machine-learning-model",
    "bom-ref": `claim:${claim.claimId}`,
    name: config?.name ?? `model ${claim.modelCommitment}`,
    ...(claim.weightsDigest && { hashes: sha256Of(claim.weightsDigest) }),
    externalReferences: references(parameters),
    modelCard: {
      modelParameters: {
        approach: { type: "supervised" },
        architectureFamily: "feedforward neural network",
        modelArchitecture: config
          ? `fully connected ReLU network ${config.widths.join("-")}, fixed point`
          : "fully connected ReLU network, fixed point",
        datasets: [{ ref: dataRef }],
      },
      considerations: { technicalLimitations: [...originLimitations[origin], ...limitations] },
    },
    properties: [
      property("chainId", chainId),
      property("registry", registry),
      property("claimId", claim.claimId),
      property("claimant", claim.claimant),
      property("blockNumber", claim.blockNumber),
      property("modelCommitment", claim.modelCommitment),
      property("configDigest", claim.configDigest),
      property(startNames[claim.startKind], claim.start),
      property("origin", origin === "undisclosed" ? UNDISCLOSED : origin),
      property("steps", claim.steps),
      property("proofDigest", claim.proofDigest),
      ...(claim.planDigest ? [property("planDigest", claim.planDigest)] : []),
      ...(claim.signingDigest ? [property("signingDigest", claim.signingDigest)] : []),
      ...(claim.retraction ? [property("retracted", claim.retraction.reason)] : []),
      ...(config ? [property("batch", config.batch), property("eta", config.eta)] : []),
      ...(config?.etaSchedule ?? []).map(({ fromStep, eta }) =>
        property(`eta from step ${fromStep}`, eta),
      ),
    ],
  };
}

function references({ claim, attestations, config }: ModelCardParameters): Json[] {
  const segments = config && cutSegments(config.steps, config.segmentSteps).length;
  const run = isUrl(claim.uri)
    ? [
        {
          type: "evidence",
          url: claim.uri,
          comment: "public manifest of the proofs",
          hashes: sha256Of(claim.proofDigest),
        },
      ]
    : [];
  const verdicts = attestations
    .filter(({ revocation }) => revocation === undefined)
    .map(({ attester, verdict, sample, uri, reportDigest }) => ({
      type: "attestation",
      // A report without an address still has its digest.
      url: isUrl(uri) ? uri : `urn:sha256:${reportDigest.slice(2)}`,
      comment: `${sampleSentence({ verdict, ...(sample && { sample }) }, segments) ?? verdict}, by ${attester}`,
      hashes: sha256Of(reportDigest),
    }));
  return [...run, ...verdicts];
}
