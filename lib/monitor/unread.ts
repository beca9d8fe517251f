import type { CloudTrailEvent } from '../domain/event.ts';
import { readStatements } from '../evidence/policy.ts';
import { field, flagField, isWords, itemsField, numberField, objectField, textField, type Words } from '../evidence/request.ts';

/** True for a value, or a part of one, that has no form that AWS writes. */
type Odd = (request: Words, name: string) => boolean;

const noFlag: Odd = (request, name) => flagField(request, name) === null;
const noNumber: Odd = (request, name) => numberField(request, name) === null;
const noObject: Odd = (request, name) => objectField(request, name) === null;
const noTexts: Odd = (request, name) => itemsField(request, name).some((item) => typeof item !== 'string');
const noParameters: Odd = (request, name) =>
  itemsField(request, name).some((item) => !isWords(item) || textField(item, 'parameterName') === null);
const noPermissions: Odd = (request, name) =>
  itemsField(request, name).some((item) => !isWords(item) || textField(item, 'ipProtocol') === null);
const noPolicy: Odd = (request, name) => readStatements(field(request, name)) === null;

/** By change check: the parameters that decide its verdict, and when they cannot be read. */
const deciding: Readonly<Record<string, Readonly<Record<string, Odd>>>> = {
  'iam-authentication-disabled': { enableIAMDatabaseAuthentication: noFlag },
  'iam-grant-added': { policyDocument: noPolicy, setAsDefault: noFlag },
  'ingress-opened': {
    ipPermissions: noPermissions,
    ModifySecurityGroupRulesRequest: noObject,
    ModifyManagedPrefixListRequest: noObject,
  },
  'logging-weakened': { cloudwatchLogsExportConfiguration: noObject },
  'made-public': { publiclyAccessible: noFlag },
  'protection-removed': { deletionProtection: noFlag, backupRetentionPeriod: noNumber },
  'snapshot-shared': { valuesToAdd: noTexts },
  'tls-weakened': { parameters: noParameters, resetAllParameters: noFlag },
};

/**
 * What the check cannot read of an event, by name; null: all of its parameters, which CloudTrail leaves out (`omitted`) where they are longer than 100 KB.
 * Empty: it can judge.
 */
export function unreadOf(check: string, { requestParameters: request }: CloudTrailEvent): readonly string[] | null {
  if (request === null || field(request, 'omitted') === true) return null;
  const own = Object.hasOwn(deciding, check) ? (deciding[check] ?? {}) : {};
  return Object.keys(own).filter((name) => {
    const value = field(request, name);
    return value !== undefined && value !== null && own[name]?.(request, name) === true;
  });
}
