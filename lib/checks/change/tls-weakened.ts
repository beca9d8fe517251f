import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { parameterNeeds } from '../needs.ts';
import { ciphers, minimumVersion } from '../posture/tls-minimum-version.ts';
import { forced, offered } from '../posture/tls-required.ts';
import { associationOf, creations, judgeAssociation } from './group-association.ts';
import { type ParameterRule, parameterEvents } from './parameter-groups.ts';
import { judgeGroupEvent } from './weakened-parameters.ts';

const versions = ['tlsv1', 'tlsv1.1', 'tlsv1.2', 'tlsv1.3'];

/** Lower is worse also where both are accepted. */
const noLower: ParameterRule = {
  ...minimumVersion,
  worsens: (before, after) => versions.indexOf(after.trim().toLowerCase()) < versions.indexOf(before.trim().toLowerCase()),
};

const rules: readonly ParameterRule[] = [forced, offered, noLower, ciphers];

/** TLS is required no longer, or weaker TLS is accepted. */
export const tlsWeakened = {
  kind: 'change',
  id: 'tls-weakened',
  title: 'TLS was weakened',
  severity: 'high',
  rationale:
    'From then on clients may connect without TLS, or with TLS that can be broken: passwords, tokens and rows cross the network readable, and nobody notices until somebody looks.',
  judged:
    'Reads changes and resets of rds.force_ssl, ssl, ssl_min_protocol_version and ssl_ciphers in parameter groups, and clusters and instances that are made, restored or modified to use a group that does not require TLS. A reset counts by the default of the engine and version. A changed parameter is in effect at once where the group is in sync; a group that was just associated, after a reboot.',
  fix: 'Set the parameters back in the parameter group, or associate the group that was there before and reboot every member.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html',
  ],
  controls: ['PCI DSS 4.0 4.2.1', 'NIST 800-53 AC-17(2)', 'NIST 800-53 SC-8'],
  falsePositives: ['A client that cannot do TLS is moved, and TLS is off for that time: suppress it with a date.'],
  needs: parameterNeeds,
  events: [
    {
      source: 'rds.amazonaws.com',
      names: [...parameterEvents, ...creations],
    },
  ],
  evaluate(change) {
    const changed = judgeGroupEvent(change, rules, 'high');
    if (changed) return changed;
    const association = associationOf(change);
    // Of a member of a cluster, the cluster's group decides.
    if (association?.level === 'instance' && (association.database.resource.type === 'cluster' || association.database.kind === 'aurora'))
      return null;
    const associated = judgeAssociation(change, rules, { onlyFromBetter: false, evenUnknown: forced });
    if (associated === null) return null;
    const { unknown, ...verdict } = associated;
    return { ...verdict, severity: unknown ? 'medium' : 'high' };
  },
} satisfies ChangeCheck;
