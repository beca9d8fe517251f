import { cannotTell, notApplicable } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { isAtLeast } from '../../evidence/engine-version.ts';
import { parameterNeeds } from '../needs.ts';
import type { Expectation } from '../parameters.ts';
import { judgeParameter, setParameters } from '../parameters.ts';
import { worst } from '../worst.ts';

const stored: Expectation = {
  name: 'password_encryption',
  accepts: (value) => value.trim().toLowerCase() === 'scram-sha-256',
  risk: 'store new passwords as MD5',
  wanted: () => 'scram-sha-256',
};

const accepted: Expectation = {
  name: 'rds.accepted_password_auth_method',
  accepts: (value) => value.trim().toLowerCase() === 'scram',
  risk: 'accept passwords that are stored as MD5',
  wanted: () => 'scram',
};

/** Passwords are stored and checked by SCRAM alone. */
export const scramPasswordsOnly = {
  kind: 'posture',
  on: 'cluster',
  id: 'scram-passwords-only',
  title: 'Cluster stores and accepts SCRAM passwords only',
  severity: 'medium',
  rationale:
    'An MD5 hash is the password: whoever gets it from a dump logs in with it, and weak passwords are found from it in minutes. SCRAM hashes cannot be used that way.',
  judged:
    'Reads password_encryption (default scram-sha-256 from version 14 on, md5 before) and rds.accepted_password_auth_method, which must be scram. Both must be in effect on every member. Not applicable before 14.3 and on Serverless v1.',
  fix: 'Set password_encryption to scram-sha-256, have every user set its password anew, then set rds.accepted_password_auth_method to scram. Users who still have an MD5 password cannot log in afterwards.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL_Password_Encryption_configuration.html'],
  controls: ['PCI DSS 4.0 8.3.2', 'NIST 800-53 IA-5(1)'],
  falsePositives: ['A cluster on which no user has a password.'],
  needs: parameterNeeds,
  evaluate(subject) {
    const { version, resource } = subject;
    if (subject.serverlessV1) return notApplicable(`${resource.name} is Serverless v1, which has no such setting.`);
    if (version === null) return cannotTell(`The version of ${resource.name} is not known.`);
    const offered = isAtLeast(version, 14, 3);
    if (offered === null) return cannotTell(`The minor version of ${resource.name} is not known.`);
    if (!offered) return notApplicable(`${resource.name} runs ${version.text}: rds.accepted_password_auth_method came with 14.3.`);
    return worst([judgeParameter(subject, stored), judgeParameter(subject, accepted)]);
  },
  remediation(subject) {
    return setParameters(subject, [stored, accepted]);
  },
} satisfies PostureCheck;
