import assert from "node:assert/strict";
import { isPublicAddress, networks, within } from "../../src/artifact/index.ts";

describe("public addresses", () => {
  const both = (addresses: string[], expected: boolean) =>
    addresses.forEach((address) => assert.equal(isPublicAddress(address), expected, address));

  it("are what everybody can reach", () => {
    both(["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"], true);
    both(
      ["172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255"],
      true,
    );
    both(["2606:4700::1111", "2a00:1450::1", "2001:200::1", "2003::1"], true);
  });

  it("are none of this machine's, its network's, its cloud's or nobody's", () => {
    both(["127.0.0.1", "127.255.255.255", "0.0.0.0", "0.1.2.3", "255.255.255.255"], false);
    both(["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"], false);
    both(["169.254.169.254", "198.18.0.1", "192.0.2.1", "203.0.113.9", "198.51.100.1"], false);
    both(["224.0.0.1", "239.1.1.1", "240.0.0.1", "192.0.0.8", "192.88.99.1"], false);
  });

  it("are none of IPv6's ways around it", () => {
    both(
      ["::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:1.1.1.1"],
      false,
    );
    both(["64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1"], false);
    both(["fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "100::1"], false);
    both(["3fff::1", "4000::1", "1fff::1"], false);
  });

  it("are no names", () => both(["", "localhost", "example.org", "1.2.3", "0x7f.1"], false));

  it("networks are read strictly", () => {
    const set = networks(["10.1.0.0/16", "fd00::/8"]);
    assert.equal(within(set, "10.1.2.3"), true);
    assert.equal(within(set, "10.2.0.0"), false);
    assert.equal(within(set, "fd01::1"), true);
    for (const bad of ["10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::1/129", "host/8", "1/8", "::/-1"])
      assert.throws(() => networks([bad]), RangeError, bad);
  });
});
