import { BlockList, isIP, isIPv6 } from "node:net";

/** IPv4 networks that are not reachable from everywhere, or are nobody's (IANA's special-purpose registry, RFC 6890), and multicast. */
const V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];

/** What of IPv6's global unicast is special: Teredo and other protocols', documentation, 6to4, which can lead to a private IPv4. */
const V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** A set of networks, each `address/prefix`. RangeError for what is none. */
export function networks(list: readonly string[]): BlockList {
  const set = new BlockList();
  for (const network of list) {
    const [address = "", prefix = ""] = network.split("/");
    const bits = isIPv6(address) ? 128 : 32;
    if (!isIP(address) || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)
      throw new RangeError(`${network} is no network: an IP address, / and a prefix up to ${bits}`);
    set.addSubnet(address, Number(prefix), isIPv6(address) ? "ipv6" : "ipv4");
  }
  return set;
}

const special4 = networks(V4);
const global6 = networks(["2000::/3"]);
const special6 = networks(V6);

/** Whether an IP address is in a set of networks. */
export const within = (set: BlockList, address: string): boolean =>
  set.check(address, isIPv6(address) ? "ipv6" : "ipv4");

/**
 * Whether an IP address is a public one: what a stranger may make this machine ask. Of IPv6 only global unicast is; IPv4 addresses
 * that are written as IPv6 are not, whatever they lead to.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !within(special4, address);
    case 6:
      return within(global6, address) && !within(special6, address);
    default:
      return false;
  }
}
