export const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
export const secs = (x: number) => `${x.toFixed(2)} s`;
export const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;

const hexId = /^0x[0-9a-fA-F]{64}$/;
export const isClaimId = (text: string): text is `0x${string}` => hexId.test(text);
