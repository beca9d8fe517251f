import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** How to reach the account, as the AWS CLI takes it; everything has the SDK's default. */
export interface AccountOptions {
  readonly profile?: string;
  /** Assumed with the profile's credentials. */
  readonly roleArn?: string;
  /** Another address for every service: an emulator. */
  readonly endpoint?: string;
}

/** Credentials and settings that every client of one account shares, so that a profile or role is resolved once. */
export interface AccountAccess {
  readonly credentials: STSClient['config']['credentials'];
  readonly endpoint: string | undefined;
  /** The region of the profile or the environment, where they name one. */
  readonly region: string | undefined;
}

/** Who the credentials belong to. */
export interface Identity {
  readonly account: string;
  /** ARN of the caller. */
  readonly arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** Finds the credentials and the region; nothing is called before a client needs them. */
export async function openAccount(options: AccountOptions = {}): Promise<AccountAccess> {
  const endpoint = options.endpoint;
  const settings = {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const region = await new STSClient(settings).config.region().catch(() => undefined);
  const base = new STSClient({ ...settings, region: region ?? 'us-east-1' });
  const roleArn = options.roleArn;
  if (roleArn === undefined) return { credentials: base.config.credentials, endpoint, region };

  const assumed = new STSClient({ ...settings, region: region ?? 'us-east-1', credentials: () => assumeRole(base, roleArn) });
  return { credentials: assumed.config.credentials, endpoint, region };
}

/** Asks STS who the caller is; rejects with the SDK's error where there are no credentials. */
export async function identify(access: AccountAccess, signal?: AbortSignal): Promise<Identity> {
  const client = new STSClient(clientSettings(access, access.region ?? 'us-east-1'));
  const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}), signal ? { abortSignal: signal } : {});
  if (!Account || !Arn) throw new Error('STS named no account.');
  return { account: Account, arn: Arn, partition: Arn.split(':')[1] ?? 'aws' };
}

/** What a client is made with. */
export type ClientSettings = ReturnType<typeof clientSettings>;

/** What every client of the account is made with. */
export function clientSettings(access: AccountAccess, region: string) {
  return {
    region,
    credentials: access.credentials,
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    // The SDK's adaptive mode slows down by itself where AWS throttles.
    retryMode: 'adaptive',
    maxAttempts: 6,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
  } as const;
}

async function assumeRole(client: STSClient, roleArn: string) {
  const { Credentials } = await client.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'aurora-watch' }));
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey) throw new Error(`STS gave no credentials for ${roleArn}.`);
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    ...(Credentials.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
    ...(Credentials.Expiration === undefined ? {} : { expiration: Credentials.Expiration }),
  };
}
