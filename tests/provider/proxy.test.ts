import { findProxy } from "../../provider/src/proxy.js";

const ATLAS = "https://cloud.mongodb.com/api";

function find(env: Record<string, string>, url = ATLAS) {
  return findProxy(new URL(url), env);
}

describe("findProxy, the proxy", () => {
  it.each([
    { given: "proxy.example:3128", proxy: "http://proxy.example:3128/" },
    { given: "proxy.example", proxy: "http://proxy.example/" },
    { given: "localhost:3128", proxy: "http://localhost:3128/" },
    { given: "10.0.0.1:3128", proxy: "http://10.0.0.1:3128/" },
    { given: "[::1]:3128", proxy: "http://[::1]:3128/" },
    { given: "HTTPS://Proxy.Example", proxy: "https://proxy.example/" },
    { given: " http://proxy.example:3128 ", proxy: "http://proxy.example:3128/" },
    { given: "someone:p%40ss@proxy.example:3128", proxy: "http://someone:p%40ss@proxy.example:3128/" },
  ])("is read from $given", ({ given, proxy }) => {
    expect(find({ HTTPS_PROXY: given })).toEqual({ proxy });
  });

  it("comes from the first variable that is set: of https before of all, in lower case before in upper case", () => {
    const env = { https_proxy: "a", HTTPS_PROXY: "b", all_proxy: "c", ALL_PROXY: "d" };
    const names = Object.keys(env);
    for (const [at, name] of names.entries()) {
      const blank = Object.fromEntries(names.slice(0, at).map((earlier) => [earlier, " "]));
      expect(find({ ...env, ...blank })).toEqual({ proxy: `http://${env[name as keyof typeof env]}/` });
    }
    expect(find(Object.fromEntries(names.map((name) => [name, ""])))).toEqual({});
  });

  it("is not that of plain http", () => {
    expect(find({ HTTP_PROXY: "proxy.example:3128", http_proxy: "proxy.example:3128" })).toEqual({});
  });

  it.each(["https://localhost:8443", "https://127.0.0.1", "https://127.1.2.3", "https://[::1]:8443"])(
    "is none for %s, also when it could not be used",
    (url) => {
      expect(find({ HTTPS_PROXY: "proxy.example:3128" }, url)).toEqual({});
      expect(find({ HTTPS_PROXY: "socks5://proxy.example" }, url)).toEqual({});
    },
  );
});

describe("findProxy, NO_PROXY", () => {
  /** The first two tables are those of Go. @see https://cs.opensource.google/go/x/net/+/master:http/httpproxy/proxy_test.go */
  const LIST =
    "foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:443, 10.0.0.0/30, 2001:db8::52:0:1, [2001:db8::52:0:2]:80, [2001:db8::52:0:3]:443, 2002:db8:a::45/64";

  it.each(
    "192.168.1.1 192.168.1.3 10.0.0.2 [2001:db8::52:0:1] [2001:db8::52:0:3] [2002:db8:a::123] www.barbaz.net foobar.com www.foobar.com nested.wildcard.io FOOBAR.com".split(
      " ",
    ),
  )("of Go's own test exempts %s", (host) => {
    expect(find({ HTTPS_PROXY: "proxy.example", NO_PROXY: LIST }, `https://${host}`)).toEqual({});
  });

  it.each(
    "192.168.1.2 192.168.1.4 10.0.0.4 [2001:db8::52:0:2] [::2] [fe80::424b:c8be:1643:a1b6] barbaz.net foofoobar.com baz.com localhost.net local.localhost barbarbaz.net wildcard.io awildcard.io".split(
      " ",
    ),
  )("of Go's own test does not exempt %s", (host) => {
    const { proxy } = find({ HTTPS_PROXY: "proxy.example", NO_PROXY: LIST }, `https://${host}`);
    expect(proxy).toBe("http://proxy.example/");
  });

  it.each([
    { list: "*", isExempt: true },
    { list: "mongodb.com", isExempt: true },
    { list: ".mongodb.com", isExempt: true },
    { list: "MongoDB.COM", isExempt: true },
    { list: "cloud.mongodb.com:443", isExempt: true },
    { list: "cloud.mongodb.com:8443", isExempt: false },
    { list: ".cloud.mongodb.com", isExempt: false },
    { list: "first.example second.example\tmongodb.com", isExempt: true },
    { list: "oud.mongodb.com", isExempt: false },
    { list: "*mongodb.com", isExempt: false },
    { list: "0.0.0.0/0,::/0", isExempt: false },
    { list: ":443,,/,[]:443,.", isExempt: false },
  ])("exempts cloud.mongodb.com by '$list': $isExempt", ({ list, isExempt }) => {
    const proxied = { proxy: "http://proxy.example/" };
    expect(find({ HTTPS_PROXY: "proxy.example", no_proxy: list })).toEqual(isExempt ? {} : proxied);
    expect(find({ HTTPS_PROXY: "proxy.example", NO_PROXY: list })).toEqual(isExempt ? {} : proxied);
    expect(find({ HTTPS_PROXY: "proxy.example", NO_PROXY: list, no_proxy: "elsewhere.example" })).toEqual(proxied);
  });

  it.each(["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0.0/-1", "10.0.0/8"])(
    "takes %s for no range of IPv4 addresses",
    (list) => {
      const { proxy } = find({ HTTPS_PROXY: "proxy.example", NO_PROXY: list }, "https://10.0.0.2");
      expect(proxy).toBe("http://proxy.example/");
    },
  );
});

describe("findProxy, a proxy that cannot be used", () => {
  it.each([
    { scheme: "socks5", given: "socks5://proxy.example:1080" },
    { scheme: "socks5h", given: "SOCKS5H://someone:FAKE-password@proxy.example:1080" },
    { scheme: "ftp", given: "ftp://proxy.example" },
  ])("is refused by its scheme, $scheme, and the two ways on are named", ({ scheme, given }) => {
    expect(find({ ALL_PROXY: given })).toEqual({
      problem: `ALL_PROXY is a ${scheme}:// proxy; only http:// and https:// can be used. Name one in https_proxy, or list cloud.mongodb.com in NO_PROXY to use none.`,
    });
  });

  it("is no hindrance once one of the two ways is gone", () => {
    const env = { ALL_PROXY: "socks5://proxy.example", NO_PROXY: "first.example", no_proxy: "second.example" };
    expect(find(env).problem).toMatch(/in no_proxy to use none\.$/);
    expect(find({ ...env, no_proxy: "second.example,cloud.mongodb.com" })).toEqual({});
    expect(find({ ...env, https_proxy: "proxy.example" })).toEqual({ proxy: "http://proxy.example/" });
  });

  it.each([
    "http://someone:FAKE-password@proxy.example:port",
    "http://some one:FAKE-password@",
    "someone:FAKE-password@proxy.example:99999",
    "http://someone:FAKE-password%@proxy.example",
    "http://someone%zz:FAKE-password@proxy.example",
    "http:proxy.example:3128",
  ])("is refused without its text when it is %s", (given) => {
    const { problem, ...rest } = find({ https_proxy: given });
    expect(rest).toEqual({});
    expect(problem).toMatch(/^https_proxy is not the URL of a proxy \(http:\/\/host:port, where .*\)\. Name one in/);
    expect(problem).not.toMatch(/FAKE|someone|proxy\.example/);
  });

  it("is refused with a credential as long as NODE_DEBUG would print it", () => {
    for (const given of ["someone:FAKE-password@proxy.example", "http://FAKE-token@proxy.example"]) {
      expect(find({ HTTPS_PROXY: given, NODE_DEBUG: "http" })).toEqual({
        problem: "HTTPS_PROXY holds a credential, which NODE_DEBUG would print: unset NODE_DEBUG.",
      });
      expect(find({ HTTPS_PROXY: given, NODE_DEBUG: "" })).toEqual({ proxy: expect.stringContaining("FAKE") });
    }
    expect(find({ HTTPS_PROXY: "proxy.example", NODE_DEBUG: "http" })).toEqual({ proxy: "http://proxy.example/" });
  });
});
