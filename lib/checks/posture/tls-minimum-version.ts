import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { parameterNeeds } from '../needs.ts';
import type { Expectation } from '../parameters.ts';
import { judgeParameter, setParameters } from '../parameters.ts';
import { worst } from '../worst.ts';

/** TLS 1.2 or later. */
export const minimumVersion: Expectation = {
  name: 'ssl_min_protocol_version',
  accepts: (value) => ['tlsv1.2', 'tlsv1.3'].includes(value.trim().toLowerCase()),
  risk: 'accept TLS below 1.2',
  wanted: () => 'TLSv1.2',
};

/** No weak cipher. */
export const ciphers: Expectation = {
  name: 'ssl_ciphers',
  accepts: (value) => weakCiphers(value).length === 0,
  risk: 'agree on a weak cipher',
  wanted: (value) => withoutWeak(value),
};

/** TLS 1.2 or later, and no weak cipher. */
export const tlsMinimumVersion = {
  kind: 'posture',
  on: 'cluster',
  id: 'tls-minimum-version',
  title: 'Cluster accepts TLS 1.2 and later only, with strong ciphers',
  severity: 'medium',
  rationale:
    'TLS 1.0 and 1.1 and ciphers such as RC4 or 3DES have known attacks: someone on the way can make client and server agree on them and then read along.',
  judged:
    'Reads ssl_min_protocol_version, which must be TLSv1.2 or TLSv1.3, and ssl_ciphers, which, if set, must hold nothing with NULL, EXPORT, DES, 3DES, RC4 or MD5. Both must be in effect on every member.',
  fix: 'Set ssl_min_protocol_version to TLSv1.2 in the parameter group and take weak ciphers out of ssl_ciphers. The activity check weak-tls-sessions names the clients that would break.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-MIN-PROTOCOL-VERSION',
  ],
  controls: ['PCI DSS 4.0 4.2.1', 'NIST 800-53 SC-8(1)', 'NIST 800-53 SC-13'],
  falsePositives: [],
  needs: parameterNeeds,
  evaluate(subject) {
    return worst([judgeParameter(subject, minimumVersion), judgeParameter(subject, ciphers)]);
  },
  remediation(subject) {
    return setParameters(subject, [minimumVersion, ciphers]);
  },
} satisfies PostureCheck;

/** Tokens of an OpenSSL cipher list that let weak ciphers in; `!`, `-` and `+` only take away or reorder. */
function weakCiphers(list: string): string[] {
  return tokens(list).filter((token) => !/^[!+-]/.test(token) && isWeak(token));
}

function isWeak(token: string): boolean {
  if (['ALL', 'LOW', 'COMPLEMENTOFALL', 'COMPLEMENTOFDEFAULT'].includes(token.toUpperCase())) return true;
  return /NULL|EXP|DES|RC4|MD5/i.test(token);
}

function withoutWeak(list: string): string {
  const weak = new Set(weakCiphers(list));
  return tokens(list)
    .filter((token) => !weak.has(token))
    .join(list.includes(',') ? ',' : ':');
}

function tokens(list: string): string[] {
  return list.split(/[:, ]/).filter((token) => token !== '');
}
