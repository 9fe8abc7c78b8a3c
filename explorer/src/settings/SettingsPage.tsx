import { type FormEvent, useState } from "react";
import { getAddress, isAddress } from "viem";
import { saveSettings, useSettings } from "../chain/settings.ts";
import { Page } from "../ui/Page.tsx";

/** Addresses in a text, one a line; what is none is named. */
function addressesIn(text: string) {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const wrong = words.find((word) => !isAddress(word, { strict: false }));
  const verifiers = wrong === undefined ? [...new Set(words.map((word) => getAddress(word)))] : [];
  return { verifiers, wrong };
}

export function SettingsPage() {
  const settings = useSettings();
  const [said, say] = useState<{ ok: boolean; text: string }>();
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    const { verifiers, wrong } = addressesIn(field("verifiers"));
    const threshold = Number(field("threshold"));
    const fault = !/^https?:\/\/./.test(field("rpcUrl"))
      ? "The node's address must begin with http:// or https://."
      : !isAddress(field("registry"), { strict: false })
        ? "The registry's address must be 0x and 40 hexadecimal digits."
        : field("disputes") !== "" && !isAddress(field("disputes"), { strict: false })
          ? "The dispute contract's address must be empty, or 0x and 40 hexadecimal digits."
          : wrong !== undefined
            ? `${wrong.slice(0, 60)} is no account: 0x and 40 hexadecimal digits.`
            : !(threshold >= 1 && threshold <= Math.max(1, verifiers.length))
              ? `The threshold must be from 1 to ${Math.max(1, verifiers.length)}, the number of verifiers.`
              : undefined;
    if (fault !== undefined) return say({ ok: false, text: fault });
    const registry = getAddress(field("registry"));
    const disputes = field("disputes") === "" ? "" : getAddress(field("disputes"));
    saveSettings({ rpcUrl: field("rpcUrl"), registry, disputes, verifiers, threshold });
    say({ ok: true, text: "Saved in this browser." });
  };
  return (
    <Page title="Settings" intro="All of this stays in this browser. Nobody else sees it.">
      <form onSubmit={save} className="settings">
        <fieldset>
          <legend>Whom you trust</legend>
          <label htmlFor="verifiers">Verifiers, one account a line</label>
          <textarea
            id="verifiers"
            name="verifiers"
            rows={5}
            spellCheck={false}
            defaultValue={settings.verifiers.join("\n")}
          />
          <label htmlFor="threshold">How many of them must agree</label>
          <input
            id="threshold"
            name="threshold"
            type="number"
            min={1}
            step={1}
            defaultValue={settings.threshold}
          />
          <p className="quiet">
            A claim is valid for you when so many of your verifiers have said that it is. Verdicts
            of others count for nothing.
          </p>
        </fieldset>
        <fieldset>
          <legend>Chain</legend>
          <label htmlFor="rpcUrl">JSON-RPC address of an Ethereum node</label>
          <input id="rpcUrl" name="rpcUrl" type="url" required defaultValue={settings.rpcUrl} />
          <label htmlFor="registry">Registry</label>
          <input
            id="registry"
            name="registry"
            required
            spellCheck={false}
            defaultValue={settings.registry}
          />
          <label htmlFor="disputes">Dispute contract, if you want to see bonds</label>
          <input
            id="disputes"
            name="disputes"
            spellCheck={false}
            defaultValue={settings.disputes}
          />
          <p className="quiet">
            You see what this node says. Use one that you trust, your own at best.
          </p>
        </fieldset>
        <button type="submit">Save</button>
        <p role="status" className={said?.ok === false ? "note bad" : "quiet"}>
          {said?.text}
        </p>
      </form>
    </Page>
  );
}
