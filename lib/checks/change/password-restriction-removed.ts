import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { parameterNeeds } from '../needs.ts';
import { restricted } from '../posture/password-commands-restricted.ts';
import { judgeAssociation } from './group-association.ts';
import { parameterEvents } from './parameter-groups.ts';
import { judgeGroupEvent } from './weakened-parameters.ts';

/** Everybody may set passwords again. */
export const passwordRestrictionRemoved = {
  kind: 'change',
  id: 'password-restriction-removed',
  title: 'The restriction of password commands was removed',
  severity: 'medium',
  rationale:
    'Every user may then change its own password and its end date, weak ones included, and whoever may create roles hands out passwords that go around IAM.',
  judged:
    'Reads changes and resets of rds.restrict_password_commands in parameter groups, and associations of a group without it where the one before is known to have had it. The parameter is static: it takes effect at the next reboot.',
  fix: 'Set rds.restrict_password_commands to 1 again before the members are rebooted.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.RestrictPasswordMgmt.html'],
  controls: ['PCI DSS 4.0 8.3.6', 'NIST 800-53 IA-5'],
  falsePositives: [],
  needs: parameterNeeds,
  events: [
    {
      source: 'rds.amazonaws.com',
      names: [...parameterEvents],
    },
  ],
  evaluate(change) {
    const changed = judgeGroupEvent(change, [restricted], 'medium');
    if (changed) return changed;
    const associated = judgeAssociation(change, [restricted], { onlyFromBetter: true });
    if (associated === null) return null;
    const { unknown: _, ...verdict } = associated;
    return { ...verdict, severity: 'medium' };
  },
} satisfies ChangeCheck;
