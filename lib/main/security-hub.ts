import { createFindingStore } from '../adapters/aws/finding-store.ts';
import { createImportLog } from '../adapters/aws/import-log.ts';
import { createImportFindings } from '../adapters/aws/security-hub.ts';
import { checks } from '../checks/registry.ts';
import type { Finding } from '../domain/finding.ts';
import { type Mirrored, mirrorFindings, type Standing } from '../monitor/mirror-findings.ts';
import type { HubFinding } from '../ports/security-hub.ts';
import { asffFinding } from '../render/asff.ts';
import { catalogueEntry } from './catalogue.ts';
import { environmentValue, openHome } from './home.ts';
import { version } from './version.ts';

/** Keeps Security Hub in step where the deployer switched that on (`SECURITY_HUB`); null: it is off. Rejects where something was not taken. */
export async function mirrorToSecurityHub(signal: AbortSignal): Promise<Mirrored | null> {
  if (environmentValue('SECURITY_HUB') !== 'true') return null;
  const { access, region, account } = await openHome();
  const table = environmentValue('TABLE');
  return mirrorFindings(
    {
      store: createFindingStore({ access, region, table, signal }),
      log: createImportLog(access, { region, table, signal }),
      importFindings: createImportFindings(access, { region }),
      render: rendererFor({ account, region }),
      now: Date.now,
    },
    signal,
  );
}

const catalogue = new Map(checks.map((check) => [check.id, catalogueEntry(check)]));

/** Findings go to the Security Hub of the monitor's own region, those of IAM and the account too. */
export function rendererFor({ account, region }: { readonly account: string; readonly region: string }) {
  return (finding: Finding, standing: Standing, at: number): HubFinding['body'] => {
    const about = catalogue.get(finding.check);
    return asffFinding(
      finding,
      { account, region, at: new Date(at).toISOString(), version },
      {
        about,
        configuration: about?.kind !== 'activity',
        novelty: null,
        status: standing === 'resolved' ? 'PASSED' : 'FAILED',
        archived: standing !== 'open',
      },
    );
  };
}
