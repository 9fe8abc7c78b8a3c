import type { BrowserContext } from "playwright-core";

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
