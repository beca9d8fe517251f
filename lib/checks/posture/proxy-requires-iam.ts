import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { proxyNeeds } from '../needs.ts';
import { behind, frontedBy } from '../proxies.ts';
import { listed } from '../sentences.ts';

/** Clients of a proxy log in through IAM. */
export const proxyRequiresIam = {
  kind: 'posture',
  on: 'proxy',
  id: 'proxy-requires-iam',
  title: 'Proxy requires IAM authentication of its clients',
  severity: 'medium',
  rationale:
    'A proxy that takes passwords lets in whoever has one, whatever the cluster behind it asks for: to the cluster every client of the proxy looks the same.',
  judged:
    'Reads Auth of each RDS Proxy for PostgreSQL: every entry must have IAMAuth REQUIRED (ENABLED takes passwords too). DefaultAuthScheme IAM_AUTH passes by itself.',
  fix: 'Set IAMAuth to REQUIRED for every secret of the proxy, or its default authentication to IAM_AUTH.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-setup.html'],
  controls: ['NIST 800-53 AC-3', 'NIST 800-53 IA-2', 'PCI DSS 4.0 8.3.1'],
  falsePositives: ['Clients that cannot use IAM, while the proxy is in private subnets with narrow rules.'],
  needs: proxyNeeds,
  evaluate(subject) {
    const { auth, defaultAuthScheme } = subject;
    const proxy = `Proxy ${subject.resource.name}${frontedBy(subject)}`;
    if (defaultAuthScheme?.toUpperCase() === 'IAM_AUTH') return pass(`${proxy} uses IAM authentication from end to end.`);
    if (!auth.known) return cannotTell(auth.cause);
    if (auth.value.length === 0) return cannotTell(`${proxy} has no entry that says how its clients authenticate.`);
    const others = auth.value.filter(({ iam }) => iam !== null && iam.toUpperCase() !== 'REQUIRED');
    if (others.length > 0) {
      const entries = others.map(({ secret, iam }) => ({ secret, iamAuth: iam }));
      const words = others.map(({ secret, iam }) => `${secret ?? 'an entry without a secret'} (${iam})`);
      return fail(`${proxy} does not require IAM authentication for ${listed(words)}.`, { entries, ...behind(subject) });
    }
    if (auth.value.some(({ iam }) => iam === null)) return cannotTell(`${proxy} has an entry that does not say IAMAuth.`);
    return pass(`${proxy} requires IAM authentication.`);
  },
  remediation({ resource: { name, region }, auth }) {
    if (!auth.known || auth.value.length === 0) return null;
    const entries = auth.value.map(({ secret }) => ({
      AuthScheme: 'SECRETS',
      ...(secret === null ? {} : { SecretArn: secret }),
      IAMAuth: 'REQUIRED',
    }));
    const options = ['--require-tls', '--auth', JSON.stringify(entries)];
    const command = shellCommand('aws', 'rds', 'modify-db-proxy', '--region', region, '--db-proxy-name', name, ...options);
    return { command, effect: 'at once', note: 'Clients that still log in to the proxy with a password are turned away from then on.' };
  },
} satisfies PostureCheck;
