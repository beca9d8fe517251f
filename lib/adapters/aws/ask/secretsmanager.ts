import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClientSettings } from '../account.ts';
import { type Calls, one } from './answers.ts';

/** What is asked of Secrets Manager, by command. */
export function askSecretsManager(settings: ClientSettings): Calls {
  const client = new SecretsManagerClient(settings);
  return {
    'describe-secret': ({ key, sending }) => one(client.send(new DescribeSecretCommand({ SecretId: key }), sending)),
  };
}
