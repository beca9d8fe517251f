import { cannotTell } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { isOn } from '../../evidence/parameters.ts';
import { parameterNeeds } from '../needs.ts';
import type { Expectation } from '../parameters.ts';
import { judgeParameter, setParameters } from '../parameters.ts';
import { worst } from '../worst.ts';

const risk = 'accept connections without TLS';
/** Clients must use TLS. */
export const forced: Expectation = { name: 'rds.force_ssl', accepts: isOn, risk, wanted: () => '1' };
/** The server offers TLS. */
export const offered: Expectation = { name: 'ssl', accepts: isOn, risk: 'offer no TLS at all', wanted: () => '1' };

/** TLS is required of every client, on every member, now. */
export const tlsRequired = {
  kind: 'posture',
  on: 'cluster',
  id: 'tls-required',
  title: 'Cluster requires TLS of every client, in effect on every member',
  severity: 'high',
  rationale:
    'A client that connects without TLS sends its password or token, its queries and the rows in the clear: whoever sits on the way can read and change them. One member that waits for a reboot is enough.',
  judged:
    "Reads rds.force_ssl of the cluster's parameter group (of a single instance, its own), where a missing value is the default of the engine and version, and ssl, which must not be off. It passes only when the group is in sync on every member: a group that was just associated, or waits for a reboot, is not in effect. AWS tells no running values, so a group that waits for an unrelated change is judged as not in effect too.",
  fix: "Set rds.force_ssl to 1 in the cluster's parameter group; where that is a default group, make a new one and associate it. Reboot every member whose group is not in sync. Tell clients to use sslmode=verify-full, which the server cannot see.",
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html',
  ],
  controls: ['PCI DSS 4.0 4.2.1', 'NIST 800-53 AC-17(2)', 'NIST 800-53 SC-8', 'NIST 800-53 SC-23'],
  falsePositives: [
    'A group that waits for a reboot because of another, static parameter: rds.force_ssl may have been in effect for long, but nothing in the API tells.',
  ],
  needs: parameterNeeds,
  evaluate(subject) {
    const required = judgeParameter(subject, forced);
    const { configured: ssl } = subject.parameters.ssl;
    if (!ssl.known) return worst([required, cannotTell(ssl.cause)]);
    return isOn(ssl.value.value) ? required : worst([judgeParameter(subject, offered), required]);
  },
  remediation(subject) {
    return setParameters(subject, [forced, offered]);
  },
} satisfies PostureCheck;
