/** Certificates for servers of tests, made anew in each run: an authority, and servers' certificates that it signs or not. */
import { randomUUID } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { generate } from "selfsigned";

/** A certificate with its private key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What a server's certificate says. */
export interface CertificateOptions {
  /** Host names and IPv4 addresses that it is for; default this machine's. */
  readonly hosts?: readonly string[];
  /** Who signs it; default itself. */
  readonly authority?: Certificate;
  /** Whether its time is over; default not. */
  readonly isExpired?: boolean;
}

const DAY_MS = 24 * 3_600_000;

/** Makes a certificate authority. */
export async function createAuthority(): Promise<Certificate> {
  const name = `Fake authority ${randomUUID()}`;
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  return { cert, key };
}

/** Makes a server's certificate. */
export async function createCertificate(options: CertificateOptions = {}): Promise<Certificate> {
  const { hosts = ["localhost", "127.0.0.1"], authority, isExpired = false } = options;
  const [begin, end] = isExpired ? [-2 * DAY_MS, -DAY_MS] : [-DAY_MS, DAY_MS];
  const now = Date.now();
  const { cert, private: key } = await generate([{ name: "commonName", value: String(hosts[0]) }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(now + begin),
    notAfterDate: new Date(now + end),
    extensions: [{ name: "subjectAltName", altNames: hosts.map(toAltName) }],
    ...(authority && { ca: authority }),
  });
  return { cert, key };
}

/** Lets this process trust an authority, as NODE_EXTRA_CA_CERTS does at a start; returns what ends that. */
export function trustAuthority({ cert }: Certificate): () => void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, cert]);
  return () => setDefaultCACertificates(before);
}

function toAltName(host: string): { type: 2; value: string } | { type: 7; ip: string } {
  return /^[\d.]+$/.test(host) ? { type: 7, ip: host } : { type: 2, value: host };
}
