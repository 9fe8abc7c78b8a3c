import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  createWalletClient,
  custom,
  type EIP1193Provider,
  getAddress,
  type SignableMessage,
} from "viem";
import { PROTOCOL_VERSION } from "../../../src/protocol/limits.ts";
import { attestable } from "../../../src/relayer/attestable.ts";
import { attest } from "../../../src/registry/attest.ts";
import { withWallet } from "../chain/wallet.ts";
import { useWallets } from "../chain/wallets.ts";
import { Hex, visible } from "../ui/text.tsx";
import type { Verification } from "./messages.ts";
import {
  type ClaimContext,
  download,
  reportEnvelope,
  reportMessage,
  reportOf,
  signedReport,
} from "./reports.ts";

/** Saves the report, signs it, or attests the verdict with the browser's wallet. */
export function ReportActions({
  verification,
  claimed,
}: {
  verification: Verification;
  claimed?: ClaimContext | undefined;
}) {
  const queries = useQueryClient();
  const wallets = useWallets();
  const [wanted, want] = useState("");
  const chosen = wallets.find(({ id }) => id === wanted) ?? wallets[0];
  const save = useMutation({
    mutationFn: async () => download((await reportOf(verification, claimed)).bytes, "report.json"),
  });
  const sign = useMutation({
    mutationFn: async () => {
      const report = await reportOf(verification, claimed);
      const signer = await signerOf(chosen!.provider);
      if (claimed) {
        download(await reportEnvelope(signer, report, claimed), "verdict.dsse.json");
        return;
      }
      const signature = await signer.signMessage({ message: reportMessage(report.digest) });
      download(signedReport(report, signer.address, signature), "report.signed.json");
    },
  });
  const give = useMutation({
    mutationFn: async ({ claim, clients }: ClaimContext) => {
      const report = await reportOf(verification, claimed);
      const sent = await attest(await withWallet(clients, chosen!.provider), {
        claimId: claim.claimId,
        ...attestable(verification.result),
        proofDigest: claim.proofDigest,
        verifierBuild: report.build,
        protocolVersion: PROTOCOL_VERSION,
        reportDigest: report.digest,
        uri: "",
      });
      // Its digest is on chain now, so the reader needs it.
      if (!sent.alreadyAttested) download(report.bytes, "report.json");
      await queries.invalidateQueries();
      return sent;
    },
  });
  const error = save.error ?? sign.error ?? give.error;
  const wallet = chosen !== undefined;
  const sampled = verification.result.coverage.kind === "sample";
  return (
    <div className="actions">
      <button type="button" onClick={() => save.mutate()} disabled={save.isPending}>
        Download the report
      </button>
      {wallets.length > 1 && (
        <label className="wallets">
          Wallet
          <select value={chosen?.id} onChange={(event) => want(event.target.value)}>
            {wallets.map(({ id, name }) => (
              <option key={id} value={id}>
                {visible(name)}
              </option>
            ))}
          </select>
        </label>
      )}
      {wallet && (
        <button
          type="button"
          className="second"
          onClick={() => sign.mutate()}
          disabled={sign.isPending}
        >
          Sign and download
        </button>
      )}
      {wallet && claimed && !sampled && (
        <button
          type="button"
          className="second"
          onClick={() => give.mutate(claimed)}
          disabled={give.isPending || give.isSuccess}
        >
          Attest the verdict on chain
        </button>
      )}
      {!wallet && (
        <p className="quiet">
          With a wallet in this browser the report can be signed
          {claimed && !sampled && ", and the verdict attested"}.
        </p>
      )}
      {claimed && sampled && (
        <p className="quiet">
          A verdict on a sample that this tab drew is not attested: for an account the chain draws
          one, with <code>trainproof attest --sample</code>.
        </p>
      )}
      <p role="status">
        {give.isPending && "Waiting for the wallet and the chain …"}
        {give.data &&
          (give.data.alreadyAttested
            ? "This account had given this verdict before."
            : "Attested. Keep the report: its digest is on chain.")}
        {give.data?.transactionHash && (
          <>
            {" "}
            Transaction <Hex value={give.data.transactionHash} />.
          </>
        )}
      </p>
      {error && (
        <p role="alert" className="note bad">
          {visible(
            ("shortMessage" in error ? String(error.shortMessage) : error.message).slice(0, 500),
          )}
        </p>
      )}
    </div>
  );
}

/** The wallet's account, on whatever chain: a report's signature is on none. */
async function signerOf(provider: EIP1193Provider) {
  const wallet = createWalletClient({ transport: custom(provider) });
  const [given] = await wallet.requestAddresses();
  if (given === undefined) throw new Error("The wallet gave no account.");
  const address = getAddress(given);
  return {
    address,
    signMessage: ({ message }: { message: SignableMessage }) =>
      wallet.signMessage({ account: address, message }),
  };
}
