/** One call of the AWS CLI: `aws <service> <command> [<key>] --region <region>`; region `global` for IAM. */
export interface Question {
  readonly region: string;
  readonly service: string;
  readonly command: string;
  /** What the command is asked about, where it takes a name. */
  readonly key: string | null;
}

/** The question in words: `rds describe-db-cluster-parameters orders-pg16 (eu-central-1)`. */
export function questionText(question: Question): string {
  const key = question.key === null ? '' : ` ${question.key}`;
  return `${question.service} ${question.command}${key} (${question.region})`;
}

/** A string that is the same for the same question only. */
export function questionKey(question: Question): string {
  return JSON.stringify([question.region, question.service, question.command, question.key]);
}
