import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject } from '../../evidence/clusters.ts';
import { isOn, logsLogins } from '../../evidence/parameters.ts';
import { parameterNeeds } from '../needs.ts';
import type { Expectation } from '../parameters.ts';
import { judgeParameter, setParameters } from '../parameters.ts';
import { worst } from '../worst.ts';

/** The end of a session is logged. */
export const ended: Expectation = { name: 'log_disconnections', accepts: isOn, risk: 'not log when a session ends', wanted: () => '1' };

/** Who logs in is logged, on every member. */
export const connectionsLogged = {
  kind: 'posture',
  on: 'cluster',
  id: 'connections-logged',
  title: 'Cluster logs connections and disconnections on every member',
  severity: 'medium',
  rationale:
    'Every check of logins reads these records. On a member that does not write them nobody sees who logged in, from where, with TLS or without.',
  judged:
    "Reads log_connections and log_disconnections of the cluster's group and of every member's own group, whose value wins where somebody set it there. In version 18 log_connections may be a list, which must hold authorization or all. Both must be in effect on every member.",
  fix: "Set log_connections and log_disconnections in the cluster's parameter group, and take them out of the groups of its instances.",
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Concepts.PostgreSQL.html',
    'https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-CONNECTIONS',
  ],
  controls: ['AWS FSBP RDS.37', 'PCI DSS 4.0 10.2.1', 'NIST 800-53 AU-2', 'NIST 800-53 AU-12'],
  falsePositives: [],
  needs: parameterNeeds,
  evaluate(subject) {
    return worst([judgeParameter(subject, begun(subject)), judgeParameter(subject, ended)]);
  },
  remediation(subject) {
    return setParameters(subject, [begun(subject), ended]);
  },
} satisfies PostureCheck;

/** From version 18 on the parameter is a list of what to log; the old booleans are still taken. */
export function begun({ version }: Pick<ClusterSubject, 'version'>): Expectation {
  const isList = version !== null && version.major >= 18;
  return {
    name: 'log_connections',
    accepts: logsLogins,
    risk: 'not log who connects',
    wanted: () => (isList ? 'receipt,authentication,authorization' : '1'),
  };
}
