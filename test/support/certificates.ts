import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key, as paths of PEM files. */
export interface Certificate {
  cert: string;
  key: string;
}

/** An authority that signs certificates in a folder, by openssl. */
export class TestAuthority {
  readonly ca: string;
  private readonly key: string;
  private readonly folder: string;
  private readonly name: string;

  constructor(folder: string, name: string) {
    this.folder = folder;
    this.name = name;
    this.ca = join(folder, `${name}.pem`);
    this.key = join(folder, `${name}.key`);
    openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-keyout',
      this.key,
      '-out',
      this.ca,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    );
  }

  /** For 127.0.0.1 and of this common name. `days` may be negative: expired when it is made. */
  issue(commonName: string, { days = 2 }: { days?: number } = {}): Certificate {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((ending) =>
      join(this.folder, `${this.name}-${commonName}.${ending}`),
    ) as [string, string, string, string];
    openssl('req', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${commonName}`);
    writeFileSync(extensions, 'subjectAltName=IP:127.0.0.1\n');
    const signed = ['-CA', this.ca, '-CAkey', this.key, '-CAcreateserial', '-extfile', extensions];
    openssl('x509', '-req', '-in', request, '-out', cert, '-days', String(days), ...signed);
    return { cert, key };
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
