// What of the template no other test needs in the emulator, and the doctor looks at: functions with what starts them, log groups, tables of Glue, workgroup.
import type { Caller } from './caller.ts';
import type { Template, TemplateResource } from './template.ts';

const lambdaVersion = '/2015-03-31';

/** Makes the rest; rejects where the emulator refuses one. */
export async function deployRest(template: Template, caller: Caller): Promise<void> {
  const order = [
    'AWS::IAM::Role',
    'AWS::Lambda::Function',
    'AWS::Events::Rule',
    'AWS::Lambda::Permission',
    'AWS::Lambda::EventSourceMapping',
    'AWS::Logs::LogGroup',
    'AWS::Athena::WorkGroup',
    'AWS::Glue::Database',
    'AWS::Glue::Table',
  ];
  for (const type of order) for (const one of template.resources.filter((resource) => resource.type === type)) await makeOne(one, caller);
}

/** Makes one resource, as CloudFormation does. */
export async function makeOne({ type, properties }: TemplateResource, { json, form, request }: Caller): Promise<void> {
  const post = (service: string, path: string, body: object) => request(service, path, { method: 'POST', body: JSON.stringify(body) });
  if (type === 'AWS::IAM::Role') {
    const AssumeRolePolicyDocument = JSON.stringify(properties.AssumeRolePolicyDocument);
    await form('iam', 'CreateRole', { RoleName: String(properties.RoleName), AssumeRolePolicyDocument });
  } else if (type === 'AWS::Lambda::Function') {
    const { FunctionName, Handler, Role, Runtime, Timeout } = properties;
    // The emulator runs none of it.
    const Code = { ZipFile: Buffer.from('no code').toString('base64') };
    await post('lambda', `${lambdaVersion}/functions`, { FunctionName, Handler, Role, Runtime, Timeout, Code });
  } else if (type === 'AWS::Events::Rule') {
    const { Targets, EventPattern, ...rest } = properties;
    const pattern = EventPattern === undefined ? {} : { EventPattern: JSON.stringify(EventPattern) };
    await json('AWSEvents.PutRule', { ...rest, ...pattern });
    await json('AWSEvents.PutTargets', { Rule: rest.Name, Targets });
  } else if (type === 'AWS::Lambda::Permission') {
    const { FunctionName, Action, Principal, SourceArn } = properties;
    const statement = { StatementId: nameIn(SourceArn), Action, Principal, SourceArn };
    await post('lambda', `${lambdaVersion}/functions/${nameIn(FunctionName)}/policy`, statement);
  } else if (type === 'AWS::Lambda::EventSourceMapping') {
    const { EventSourceArn, FunctionName } = properties;
    await post('lambda', `${lambdaVersion}/event-source-mappings/`, { EventSourceArn, FunctionName: nameIn(FunctionName) });
  } else if (type === 'AWS::Logs::LogGroup') {
    await json('Logs_20140328.CreateLogGroup', { logGroupName: properties.LogGroupName });
  } else if (type === 'AWS::Athena::WorkGroup') {
    await json('AmazonAthena.CreateWorkGroup', { Name: properties.Name, Configuration: {} });
  } else if (type === 'AWS::Glue::Database') {
    await json('AWSGlue.CreateDatabase', { DatabaseInput: properties.DatabaseInput });
  } else if (type === 'AWS::Glue::Table') {
    // The emulator makes no table of Iceberg's; its name is what is looked for.
    const TableInput = properties.TableInput ?? { Name: properties.Name };
    await json('AWSGlue.CreateTable', { DatabaseName: properties.DatabaseName, TableInput });
  } else throw new Error(`Nothing is known of how a ${type} is made.`);
}

/** The name at the end of an ARN, or the name itself. */
function nameIn(arn: unknown): string {
  return String(arn).split(/[:/]/).at(-1) ?? '';
}
