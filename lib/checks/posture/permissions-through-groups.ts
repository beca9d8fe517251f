import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { managedNote } from '../managed.ts';
import { listed } from '../sentences.ts';

/** What a user may do on RDS comes from its groups. */
export const permissionsThroughGroups = {
  kind: 'posture',
  on: 'user',
  id: 'permissions-through-groups',
  title: 'User holds RDS permissions through groups, not directly',
  severity: 'low',
  rationale:
    'Permissions that hang on one person are forgotten when the person changes work: nobody looks at them where the others are looked at, and they add up.',
  judged:
    'Of IAM users with any permission of RDS, its Data API or IAM database logins: no inline policy and no policy attached to the user itself may give one.',
  fix: 'Make a group with the policy, put the user into it, and take the policy from the user; better still, give it to a role.',
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html'],
  controls: ['AWS FSBP IAM.2', 'CIS AWS 3.0 1.15', 'NIST 800-53 AC-6', 'PCI DSS 4.0 7.2.2'],
  falsePositives: ['A user that stands for one program.'],
  needs: ['iam:GetAccountAuthorizationDetails'],
  evaluate({ directPolicies, resource }) {
    if (!directPolicies.known) return cannotTell(directPolicies.cause);
    const names = directPolicies.value.map(({ name }) => name).sort();
    if (names.length === 0) return pass(`${resource.name} holds its RDS permissions through groups.`);
    return fail(`${resource.name} holds RDS permissions directly, by policy ${listed(names)}.`, { user: resource.arn, policies: names });
  },
  remediation({ directPolicies, identity, resource: { name } }) {
    if (!directPolicies.known) return null;
    const commands = directPolicies.value.map((policy) =>
      policy.arn === null
        ? shellCommand('aws', 'iam', 'delete-user-policy', '--user-name', name, '--policy-name', policy.name)
        : shellCommand('aws', 'iam', 'detach-user-policy', '--user-name', name, '--policy-arn', policy.arn),
    );
    const managed = managedNote(identity.managedBy, name);
    const note = `Put ${name} into a group that has what it needs first.${managed === null ? '' : ` ${managed}`}`;
    return { command: commands.join('\n'), effect: 'at once', note };
  },
} satisfies PostureCheck;
