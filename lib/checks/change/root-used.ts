import { accountResource } from '../../domain/resource.ts';
import { actionOf, isRoot } from '../../evidence/caller.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { isOutOfScope, touchedDatabase } from '../../evidence/touched.ts';
import { clusterNeeds } from '../needs.ts';

/** The root user changed something. */
export const rootUsed = {
  kind: 'change',
  id: 'root-used',
  title: 'The root user made a change',
  severity: 'high',
  rationale:
    'Nothing limits the root user, and nobody needs it for RDS, IAM or EC2. A call by root is either a shortcut that leaves no name behind, or somebody who took over the account.',
  judged:
    'Reads every call of the root user that changes something in RDS, IAM or EC2, whatever its name, failed ones and those that an AWS service makes for it left out. Changes of databases of other engines do not count.',
  fix: 'Ask who did it. If nobody knows: change the password, take away keys, and look at what root did since.',
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html'],
  controls: ['CIS AWS 3.0 1.7', 'CIS AWS 3.0 4.3', 'PCI DSS 4.0 2.2.2', 'NIST 800-53 AC-6(2)'],
  falsePositives: ['The few things that only root can do, such as closing the account; they are in other services.'],
  needs: clusterNeeds,
  events: [
    { source: 'rds.amazonaws.com', names: [], byRoot: true },
    { source: 'iam.amazonaws.com', names: [], byRoot: true },
    { source: 'ec2.amazonaws.com', names: [], byRoot: true },
  ],
  evaluate(change) {
    const { event, account, partition } = change;
    if (!isRoot(event) || event.readOnly === true) return null;
    if (event.readOnly === null && /^(?:Describe|List|Get|Search|Download|Simulate)/.test(event.eventName)) return null;
    const database = event.eventSource === 'rds.amazonaws.com' ? touchedDatabase(change) : null;
    if (database !== null && isOutOfScope(database)) return null;
    const on = accountResource(account, partition);
    return {
      severity: 'high',
      reason: `The root user called ${actionOf(event)}${database === null ? '' : ` on ${database.resource.name}`}.`,
      on,
      resources: database === null ? [on] : [database.resource, on],
      inEffect: null,
      remediation: null,
    };
  },
} satisfies ChangeCheck;
