import { checks } from '../checks/registry.ts';
import { rootSources, watchedEvents } from './event-rules.ts';

/** What a deployment makes, as far as it must be there for the monitor to work: names without `aurora-watch-<stage>-`. A test holds it against the template. */
export interface DeployedParts {
  readonly rules: readonly string[];
  readonly functions: readonly {
    readonly name: string;
    /** The queue that it takes from. */
    readonly queue?: string;
    /** The rule that starts it; it may be switched off where it is the weekly report. */
    readonly rule?: string;
  }[];
  /** Who sends into each queue. */
  readonly queues: Readonly<Record<string, 'events.amazonaws.com' | 'sns.amazonaws.com' | 's3.amazonaws.com'>>;
  /** Names of the buckets up to `-<account>-<region>`. */
  readonly buckets: readonly string[];
  /** Whole names, in the database of Athena. */
  readonly tables: readonly string[];
}

/** Whether logs are delivered, and whether the files of a trail are read. */
export interface DeployedChoices {
  readonly delivers: boolean;
  readonly trail: boolean;
}

/** The parts of a deployment with these choices. */
export function deployedParts({ delivers, trail }: DeployedChoices): DeployedParts {
  const byEvents = watchedEvents(checks).map(({ source }) => source.replace(/^aws\.|\.amazonaws\.com$/g, ''));
  const byRoot = rootSources(checks).length > 0 ? ['root'] : [];
  const ofLogs = delivers ? ['log-export', 'log-group-made', 'log-groups'] : [];
  return {
    rules: [...byEvents, ...byRoot, 'activity', 'digest', 'query-ended', 'sweep', ...ofLogs],
    functions: [
      { name: 'activity', queue: 'activity' },
      { name: 'change', queue: 'changes' },
      { name: 'digest', rule: 'digest' },
      { name: 'report', rule: 'weekly-report' },
      { name: 'slack', queue: 'slack' },
      { name: 'sweep', rule: 'sweep' },
      ...(delivers
        ? [
            { name: 'logs', queue: 'log-groups' },
            { name: 'parse', queue: 'log-objects' },
          ]
        : []),
    ],
    queues: {
      activity: 'events.amazonaws.com',
      changes: 'events.amazonaws.com',
      'dead-letters': 'events.amazonaws.com',
      slack: 'sns.amazonaws.com',
      ...(delivers ? ({ 'log-groups': 'events.amazonaws.com', 'log-objects': 's3.amazonaws.com' } as const) : {}),
    },
    buckets: ['queries', 'reports', ...(delivers ? ['logs'] : [])],
    tables: ['api_call', 'log_hour_log', 'log_object_log', 'login_record_log', ...(trail ? ['cloudtrail_log'] : [])],
  };
}
