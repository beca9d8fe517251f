import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { proxyNeeds } from '../needs.ts';
import { behind, frontedBy } from '../proxies.ts';

/** No client talks to a proxy in the clear. */
export const proxyRequiresTls = {
  kind: 'posture',
  on: 'proxy',
  id: 'proxy-requires-tls',
  title: 'Proxy requires TLS of its clients',
  severity: 'medium',
  rationale:
    'A cluster that requires TLS sees only the proxy. Clients that connect to the proxy without TLS still send passwords, queries and rows in the clear.',
  judged: 'Reads RequireTLS of each RDS Proxy for PostgreSQL: it governs the connections to the proxy, not those from it to the cluster.',
  fix: 'Turn RequireTLS on.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.howitworks.html'],
  controls: ['AWS FSBP RDS.43', 'PCI DSS 4.0 4.2.1', 'NIST 800-53 AC-17(2)', 'NIST 800-53 SC-8'],
  falsePositives: [],
  needs: proxyNeeds,
  evaluate(subject) {
    const { requiresTls } = subject;
    if (!requiresTls.known) return cannotTell(requiresTls.cause);
    const proxy = `Proxy ${subject.resource.name}${frontedBy(subject)}`;
    return requiresTls.value
      ? pass(`${proxy} requires TLS.`)
      : fail(`${proxy} accepts connections without TLS.`, { requireTls: false, ...behind(subject) });
  },
  remediation({ resource: { name, region } }) {
    return {
      command: shellCommand('aws', 'rds', 'modify-db-proxy', '--region', region, '--db-proxy-name', name, '--require-tls'),
      effect: 'at once',
    };
  },
} satisfies PostureCheck;
