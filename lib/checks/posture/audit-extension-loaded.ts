import { pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { parameterNeeds } from '../needs.ts';
import { judgeParameter, setParameters } from '../parameters.ts';
import { auditLoaded, auditLog } from '../pgaudit.ts';
import { worst } from '../worst.ts';

/** What is done in the database is audited. */
export const auditExtensionLoaded = {
  kind: 'posture',
  on: 'cluster',
  id: 'audit-extension-loaded',
  title: 'Cluster audits what is done in it, by pgaudit or an activity stream',
  severity: 'low',
  rationale:
    'Without an audit nobody can say afterwards which tables somebody read, which roles were made and what was granted: a stolen login leaves no trace beyond its connection.',
  judged:
    'Reads shared_preload_libraries, which must hold pgaudit, and pgaudit.log, which must not be empty or none; both in effect on every member. A running activity stream passes too.',
  fix: 'Add pgaudit to shared_preload_libraries, reboot every member, run CREATE EXTENSION pgaudit, and set pgaudit.log; or start an activity stream.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Appendix.PostgreSQL.CommonDBATasks.pgaudit.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/DBActivityStreams.html',
  ],
  controls: ['PCI DSS 4.0 10.2.1', 'NIST 800-53 AU-12'],
  falsePositives: ['Audit by another means, such as triggers or a proxy that records statements.'],
  needs: parameterNeeds,
  evaluate(subject) {
    if (subject.activityStream === 'started') return pass(`An activity stream of ${subject.resource.name} runs.`);
    return worst([judgeParameter(subject, auditLoaded), judgeParameter(subject, auditLog)]);
  },
  remediation(subject) {
    return setParameters(subject, [auditLoaded, auditLog]);
  },
} satisfies PostureCheck;
