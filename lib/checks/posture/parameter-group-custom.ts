import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { isDefaultGroup } from '../../evidence/parameters.ts';
import { clusterNeeds } from '../needs.ts';
import { replaceDefaultGroup } from '../parameters.ts';

/** The cluster's parameters can be set. */
export const parameterGroupCustom = {
  kind: 'posture',
  on: 'cluster',
  id: 'parameter-group-custom',
  title: 'Cluster has a parameter group of its own, not a default one',
  severity: 'low',
  rationale:
    'A default group cannot be changed: TLS, logging and password rules stay as AWS ships them, and the day they must be set, a new group and a reboot of every member come first.',
  judged: "Reads the name of the cluster's parameter group (of a single instance, its own), which must not begin with default.",
  fix: 'Make a parameter group of the same family, associate it and reboot every member.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html'],
  controls: ['NIST 800-53 CM-6', 'PCI DSS 4.0 2.2.1'],
  falsePositives: [],
  needs: clusterNeeds,
  evaluate({ resource: { name }, parameterGroup }) {
    if (!parameterGroup.known) return cannotTell(parameterGroup.cause);
    const group = parameterGroup.value;
    return isDefaultGroup(group)
      ? fail(`${name} uses the default group ${group}, in which nothing can be set.`, { group })
      : pass(`${name} uses group ${group}.`);
  },
  remediation(subject) {
    return replaceDefaultGroup(subject);
  },
} satisfies PostureCheck;
