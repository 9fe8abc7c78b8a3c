import type { Hex as HexText } from "viem";
import { SampleText } from "./SampleText.tsx";
import { useAttestations } from "../chain/queries.ts";
import { useSettings } from "../chain/settings.ts";
import { Badge } from "../ui/Badge.tsx";
import { Pending } from "../ui/Page.tsx";
import { Foreign, ForeignLink, Hex } from "../ui/text.tsx";

/** Most verdicts that are drawn: anybody can give one. */
const MOST = 100;

/** All verdicts, the reader's own verifiers' first. */
export function Attestations({ claimId }: { claimId: HexText }) {
  const { verifiers } = useSettings();
  const { data, error } = useAttestations(claimId);
  const trusted = new Set(verifiers.map((verifier) => verifier.toLowerCase()));
  const isTrusted = (attester: string) => trusted.has(attester.toLowerCase());
  const sorted = [...(data ?? [])].sort(
    (a, b) => Number(isTrusted(b.attester)) - Number(isTrusted(a.attester)),
  );
  return (
    <section aria-labelledby="attestations">
      <h2 id="attestations">Verdicts</h2>
      {data === undefined ? (
        <Pending error={error} what="the verdicts" />
      ) : sorted.length === 0 ? (
        <p>Nobody has attested a verdict yet.</p>
      ) : (
        <div className="scroll" role="region" aria-label="Table of verdicts" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Verifier</th>
                <th scope="col">Verdict</th>
                <th scope="col">You trust it</th>
                <th scope="col">Block</th>
                <th scope="col">Report</th>
                <th scope="col">Taken back</th>
              </tr>
            </thead>
            <tbody>
              {sorted.slice(0, MOST).map((one) => (
                <tr key={one.attester}>
                  <th scope="row">
                    <Hex value={one.attester} />
                  </th>
                  <td>
                    <Badge state={one.revocation ? "revoked" : one.verdict}>{one.verdict}</Badge>
                    <SampleText attestation={one} />
                  </td>
                  <td>{isTrusted(one.attester) ? "yes" : "no"}</td>
                  <td>{one.blockNumber.toLocaleString("en")}</td>
                  <td>
                    {one.uri === "" ? (
                      <Hex value={one.reportDigest} />
                    ) : (
                      <ForeignLink address={one.uri} />
                    )}
                  </td>
                  <td>{one.revocation ? <Foreign text={one.revocation.reason} /> : "no"}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {sorted.length > MOST && <p>And {sorted.length - MOST} more, which are not shown.</p>}
        </div>
      )}
    </section>
  );
}
