import { cannotTell, notApplicable } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { isAtLeast } from '../../evidence/engine-version.ts';
import { isOn } from '../../evidence/parameters.ts';
import { parameterNeeds } from '../needs.ts';
import type { Expectation } from '../parameters.ts';
import { judgeParameter, setParameters } from '../parameters.ts';

/** Only members of rds_password set passwords. */
export const restricted: Expectation = {
  name: 'rds.restrict_password_commands',
  accepts: isOn,
  risk: 'let users set passwords without being in rds_password',
  wanted: () => '1',
};

/** Only members of rds_password set passwords. */
export const passwordCommandsRestricted = {
  kind: 'posture',
  on: 'cluster',
  id: 'password-commands-restricted',
  title: 'Cluster lets only members of rds_password set passwords',
  severity: 'medium',
  rationale:
    'Otherwise every user changes its own password and its end date, weak ones included, and whoever may create roles hands out passwords that go around IAM.',
  judged:
    'Reads rds.restrict_password_commands, which must be on and in effect on every member; it is static, so every member must have been rebooted since. Not applicable before version 10.6.',
  fix: 'Set rds.restrict_password_commands to 1 in the parameter group, reboot every member, and grant rds_password to few roles.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.RestrictPasswordMgmt.html'],
  controls: ['PCI DSS 4.0 8.3.6', 'NIST 800-53 IA-5'],
  falsePositives: ['A cluster whose users have no passwords, because all of them log in through IAM.'],
  needs: parameterNeeds,
  evaluate(subject) {
    const { version, resource } = subject;
    if (version === null) return cannotTell(`The version of ${resource.name} is not known.`);
    const offered = isAtLeast(version, 10, 6);
    if (offered === null) return cannotTell(`The minor version of ${resource.name} is not known.`);
    if (!offered) return notApplicable(`${resource.name} runs ${version.text}: rds.restrict_password_commands came with 10.6.`);
    return judgeParameter(subject, restricted);
  },
  remediation(subject) {
    return setParameters(subject, [restricted]);
  },
} satisfies PostureCheck;
