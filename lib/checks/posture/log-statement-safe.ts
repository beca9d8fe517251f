import { cannotTell, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { parameterNeeds } from '../needs.ts';
import type { Expectation } from '../parameters.ts';
import { judgeParameter, setParameters } from '../parameters.ts';
import { auditLoaded, auditLog } from '../pgaudit.ts';
import { worst } from '../worst.ts';

/** No statement goes to the log. */
export const statements: Expectation = {
  name: 'log_statement',
  accepts: (value) => value.trim().toLowerCase() === 'none',
  risk: 'write passwords of CREATE ROLE and ALTER ROLE into its log',
  wanted: () => 'none',
};

/** Statements, and the passwords in them, stay out of the log. */
export const logStatementSafe = {
  kind: 'posture',
  on: 'cluster',
  id: 'log-statement-safe',
  title: 'Cluster keeps statements out of its log, or audits by pgaudit instead',
  severity: 'low',
  rationale:
    'log_statement writes statements as they are sent, the passwords in them too. Everyone who may read the log, or the place that it is exported to, then has them.',
  judged:
    'Reads log_statement on every member, instance groups included: it must be none and in effect. It also passes where pgaudit is loaded and set to audit, in effect on every member.',
  fix: 'Set log_statement to none; where statements must be audited, load pgaudit and set pgaudit.log. Never set log_statement to all.',
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-STATEMENT',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Appendix.PostgreSQL.CommonDBATasks.pgaudit.html',
  ],
  controls: ['PCI DSS 4.0 8.3.2', 'NIST 800-53 AU-9', 'NIST 800-53 IA-5(7)'],
  falsePositives: ['A cluster on which no user has a password.'],
  needs: parameterNeeds,
  evaluate(subject) {
    const verdict = judgeParameter(subject, statements);
    if (verdict.verdict === 'pass') return verdict;
    const audit = worst([judgeParameter(subject, auditLoaded), judgeParameter(subject, auditLog)]);
    if (audit.verdict === 'pass') return pass(`${subject.resource.name} audits by pgaudit. ${audit.reason}`, true);
    if (verdict.verdict === 'fail' && audit.verdict === 'unknown') return cannotTell(audit.reason);
    return verdict;
  },
  remediation(subject) {
    return setParameters(subject, [statements]);
  },
} satisfies PostureCheck;
