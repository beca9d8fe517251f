/** What a statement says that is read: it sets a password, or is against a role of RDS. */
export const spokenOf = /password|rdsadmin/i;

const protectedRole = /[^\n]{0,250}?\brds(?:admin|_password)\b/y;

/**
 * What a record can say, told by its level and the begin of its message at `message`: most say nothing of logins, and are counted and skipped.
 * `statement`: only if {@link spokenOf} stands in it.
 */
export function interestOf(text: string, level: string, message: number): 'login' | 'statement' | null {
  if (level === 'FATAL') return 'login';
  if (level === 'ERROR') return isOfProtectedRole(text, message) ? 'login' : 'statement';
  if (level === 'STATEMENT') return 'statement';
  if (level === 'DETAIL') return text.startsWith('Role "', message) ? 'login' : null;
  if (level !== 'LOG') return null;
  switch (text.charCodeAt(message)) {
    case 99:
      return text.startsWith('connection ', message) ? 'login' : null;
    case 100:
      return text.startsWith('disconnection: ', message) ? 'login' : text.startsWith('duration: ', message) ? 'statement' : null;
    case 112:
      return text.startsWith('pam_', message) ? 'login' : null;
    case 114:
      return text.startsWith('replication connection ', message) ? 'login' : null;
    case 65:
      return text.startsWith('AUDIT: ', message) ? 'statement' : null;
    case 101:
      return text.startsWith('execute ', message) ? 'statement' : null;
    case 115:
      return text.startsWith('statement: ', message) ? 'statement' : null;
    default:
      return null;
  }
}

const starts = ['connection ', 'replication connection ', 'disconnection: ', 'pam_', 'AUDIT: ', 'execute ', 'statement: ', 'duration: '];

/** True: of a message that is cut here, what is missing may say what is read. */
export function mayGoOn(level: string, message: string): boolean {
  if (level === 'LOG') return starts.some((start) => message.startsWith(start) || start.startsWith(message));
  if (level === 'DETAIL') return message.startsWith('Role "') || 'Role "'.startsWith(message);
  return level === 'FATAL' || level === 'ERROR' || level === 'STATEMENT';
}

function isOfProtectedRole(text: string, message: number): boolean {
  protectedRole.lastIndex = message;
  return protectedRole.test(text);
}
