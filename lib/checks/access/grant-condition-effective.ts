import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { AccessCheck } from '../../evidence/check-kinds.ts';
import { nameOf, patternsOf } from '../principals.ts';
import { listed } from '../sentences.ts';

/** Every condition of the grant does something. */
export const grantConditionEffective = {
  kind: 'access',
  on: 'principal',
  id: 'grant-condition-effective',
  title: 'Grant relies on no condition that does nothing for database logins',
  severity: 'medium',
  rationale:
    'A database never sees the address or the network that IAM compares elsewhere: a grant that seems to be limited to the office or the VPC is not, and whoever wrote the condition believes otherwise.',
  judged:
    'Reads the conditions of statements that grant or deny rds-db:connect. aws:Referer, aws:SourceIp, aws:SourceVpc, aws:SourceVpce, aws:UserAgent and aws:VpcSourceIp have no effect there; capitals do not count.',
  fix: 'Limit by the network where it works, with security groups, and by who may assume the role, with its trust policy; then take the condition out so that nobody relies on it.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html',
  ],
  controls: ['NIST 800-53 AC-3', 'NIST 800-53 AC-6'],
  falsePositives: ['A statement that gives other actions too, on which the condition does have an effect.'],
  needs: ['iam:GetAccountAuthorizationDetails'],
  evaluate(principal) {
    if (!principal.grants.known) return cannotTell(principal.grants.cause);
    const relying = principal.grants.value.filter(({ ineffectiveKeys }) => ineffectiveKeys.length > 0);
    const name = nameOf(principal);
    if (relying.length === 0) return pass(`No grant of ${name} relies on a condition without effect.`);
    const keys = [...new Set(relying.flatMap(({ ineffectiveKeys }) => ineffectiveKeys))].sort();
    const policies = [...new Set(relying.map(({ policy }) => policy.name))].sort();
    return fail(
      `${name} holds a grant that relies on ${listed(keys)}, which ${keys.length === 1 ? 'has' : 'have'} no effect on database logins (policy ${listed(policies)}).`,
      { principal: principal.resource.arn, grants: patternsOf(relying), policies, keys },
    );
  },
  remediation: () => null,
} satisfies AccessCheck;
