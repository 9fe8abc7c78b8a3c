/** Whether a browser can fetch it: http and https, without credentials. */
export function isFetchable(text: string): boolean {
  const url = URL.parse(text);
  return /^https?:$/.test(url?.protocol ?? "") && url?.username === "" && url.password === "";
}
