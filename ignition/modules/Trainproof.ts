import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The registry, and the contract of disputes about it. Neither has an owner or parameters to choose. */
export default buildModule("Trainproof", (module) => {
  const registry = module.contract("TrainingRegistry");
  const disputes = module.contract("DisputeBonds", [registry]);
  return { registry, disputes };
});
