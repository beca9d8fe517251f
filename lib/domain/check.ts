import type { Severity } from './severity.ts';

/** What every check says about itself; alerts, reports and the pages in docs/checks are rendered from it. */
export interface CheckMetadata {
  /** Kebab-case; the file's name, the test's name and, for an activity check, the query's name. */
  readonly id: string;
  /** The compliant state of one resource (posture, access) or what happened (change, activity); never "Ensure…". */
  readonly title: string;
  /** The usual severity; a verdict may carry another. */
  readonly severity: Severity;
  /** What could happen; 400 characters at most. */
  readonly rationale: string;
  /** How it is judged, for the catalogue: two or three sentences. */
  readonly judged: string;
  /** How to fix it, for the catalogue, where no resource is known; the finding's own command has the names filled in. */
  readonly fix: string;
  /** Pages of AWS's or PostgreSQL's documentation. */
  readonly references: readonly string[];
  /** Controls of other frameworks that it answers to: `AWS FSBP RDS.10`, `CIS AWS 3.0 2.3.3`, `PCI DSS 4.0 8.3.2`, `NIST 800-53 AC-17`. */
  readonly controls: readonly string[];
  /** When a finding is no problem, a sentence each. */
  readonly falsePositives: readonly string[];
  /** IAM actions that its evidence needs: `rds:DescribeDBClusters`. */
  readonly needs: readonly string[];
}
