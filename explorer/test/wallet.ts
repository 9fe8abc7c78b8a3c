import type { BrowserContext } from "playwright-core";

/** As a wallet announces itself (EIP-6963): anything, so that malformed announcements can be tried. */
export const announceWallet = (
  context: BrowserContext,
  { rpcUrl, account, name, id }: { rpcUrl: string; account: string; name: string; id: string },
): Promise<unknown> =>
  context.addInitScript(`
    {
      const provider = {
        async request({ method, params = [] }) {
          if (method === "eth_requestAccounts") return [${JSON.stringify(account)}];
          const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
          const headers = { "content-type": "application/json" };
          const response = await fetch(${JSON.stringify(rpcUrl)}, { method: "POST", headers, body });
          const { result, error } = await response.json();
          if (error) throw Object.assign(new Error(error.message), { code: error.code });
          return result;
        },
      };
      const info = { uuid: ${JSON.stringify(id)}, name: ${JSON.stringify(name)}, icon: "", rdns: "org.example" };
      const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", {
        detail: Object.freeze({ info, provider }),
      }));
      addEventListener("eip6963:requestProvider", announce);
      addEventListener("eip6963:requestProvider", () => {
        const send = (detail) => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
        send(null);
        send({ info: { uuid: 5, name: "no id" }, provider });
        send({ info: { uuid: "x", name: "no provider" } });
        send({ info: { uuid: "y", name: "no function" }, provider: { request: 1 } });
      });
    }
  `);

/**
 * Gives a context's pages an EIP-1193 wallet with one of the node's own accounts: what it is asked, the node does and signs. `refuses`
 * makes it say no, as a person may.
 */
export const addWallet = (
  context: BrowserContext,
  { rpcUrl, account, refuses = "" }: { rpcUrl: string; account: string; refuses?: string },
): Promise<unknown> =>
  context.addInitScript(`
    globalThis.ethereum = {
      async request({ method, params = [] }) {
        if (method === ${JSON.stringify(refuses)})
          throw Object.assign(new Error("User rejected the request."), { code: 4001 });
        if (method === "eth_requestAccounts") return [${JSON.stringify(account)}];
        const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
        const headers = { "content-type": "application/json" };
        const response = await fetch(${JSON.stringify(rpcUrl)}, { method: "POST", headers, body });
        const { result, error } = await response.json();
        if (error) throw Object.assign(new Error(error.message), { code: error.code });
        return result;
      },
    };
  `);
