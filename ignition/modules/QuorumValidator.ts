import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import trainproof from "./Trainproof.ts";

/** A validator for an ERC-8004 validation registry: who is asked, ascending, and how many must agree. */
export default buildModule("QuorumValidatorModule", (module) => {
  const { registry } = module.useModule(trainproof);
  const validator = module.contract("QuorumValidator", [
    registry,
    module.getParameter("validationRegistry"),
    module.getParameter<string[]>("verifiers"),
    module.getParameter<number>("threshold"),
  ]);
  return { registry, validator };
});
