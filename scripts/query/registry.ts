import {
  checkContract,
  type CheckContractReturnType,
  type RegistryClients,
} from "../../src/registry/index.ts";
import { addressOf, digestOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { exitCodes, print, verb, version, withDisputes } from "../lib/verb.ts";

interface RegistryOptions extends ChainOptions {
  json?: boolean;
  validator?: string;
  transaction?: string;
}

export const registry = withDisputes(
  verb(
    "registry",
    "Whether the contracts on chain are the ones of this package: their code, compared byte for byte.",
  ),
)
  .option("--validator <address>", "check this QuorumValidator, too")
  .option("--transaction <hash>", "the transaction that created the registry: its code, too")
  .addHelpText(
    "after",
    "\nExample:\n  trainproof query registry --registry 0x… --transaction 0x…\n\nExit code 3 where one differs. Values that a constructor wrote into the code are left out of the comparison and shown.\nWithout --transaction it is not known what another constructor may have stored beforehand; see docs/REGISTRY.md.",
  )
  .action(async (options: RegistryOptions) => {
    const validator =
      options.validator === undefined ? undefined : addressOf(options.validator, "--validator");
    const transaction =
      options.transaction === undefined
        ? undefined
        : digestOf(options.transaction, "transaction hash");
    const clients = await chainClients(options, false);
    const contracts: CheckContractReturnType[] = [
      await checkContract(clients, { ...(transaction && { transaction }) }),
      ...(clients.disputes ? [await checkContract(clients, { contract: "disputes" })] : []),
      ...(validator
        ? [await checkContract(clients, { contract: "validator", address: validator })]
        : []),
    ];
    const same = contracts.every(({ matches, created }) => matches && created !== false);
    print(
      {
        json: { chainId: clients.chainId, version, same, contracts },
        text: contracts.flatMap((found) => lines(clients, found)),
        code: same ? exitCodes.ok : exitCodes.invalid,
      },
      options,
    );
  });

const lines = (
  { chainId }: RegistryClients,
  {
    contract,
    address,
    matches,
    codeHash,
    bytes,
    immutables = {},
    created,
  }: CheckContractReturnType,
): string[] => [
  `${contract} ${address} on chain ${chainId}`,
  `  code      ${matches ? "this package's" : "ANOTHER CONTRACT'S"} (trainproof ${version}): ${bytes} bytes, keccak256 ${codeHash}`,
  ...Object.entries(immutables).map(([name, value]) => `            ${name} = ${value}`),
  ...(created === undefined
    ? []
    : [
        created
          ? "  created   by this transaction, with this package's constructor"
          : "  created   NOT by this transaction with this package's constructor",
      ]),
];
