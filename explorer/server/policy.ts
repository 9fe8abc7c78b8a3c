/** What a browser may do on the explorer's pages. index.html holds the same for hosts that send no headers. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  // The reader's RPC endpoint, and wherever claimants have put their files.
  "connect-src 'self' http: https:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types trainproof-worker",
].join("; ");

/** Only what verifies compiles WebAssembly (src/protocol/wasm, src/verifier/wasm). It gets its files and posts its verdict. */
export const workerPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self' http: https:",
].join("; ");

/** The headers for a file of the site. */
export function headersFor(pathname: string): Record<string, string> {
  const worker = /\/assets\/worker-[^/]*\.js$/.test(pathname);
  return {
    "content-security-policy": worker ? workerPolicy : `${pagePolicy}; frame-ancestors 'none'`,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
  };
}
