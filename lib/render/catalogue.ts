import { styleText } from 'node:util';
import type { CheckMetadata } from '../domain/check.ts';
import { wrap } from './visible.ts';

/** A check as the catalogue shows it. */
export interface CatalogueEntry extends CheckMetadata {
  readonly kind: 'posture' | 'access' | 'change' | 'activity';
}

/** All checks, one a line: id, severity, kind, title. */
export function renderCatalogue(entries: readonly CatalogueEntry[], { colour }: { readonly colour: boolean }): string {
  const widest = Math.max(0, ...entries.map(({ id }) => id.length));
  const lines = entries.map(
    ({ id, severity, kind, title }) => `${strong(id.padEnd(widest), colour)}  ${severity.padEnd(8)}  ${kind.padEnd(8)}  ${title}`,
  );
  return `${lines.join('\n')}\n\n${entries.length} checks. "aurora-watch checks ID" says why, how it is judged and how to fix it.\n`;
}

/** One check in full, for a terminal. */
export function renderCheck(check: CatalogueEntry, { colour, width }: { readonly colour: boolean; readonly width: number }): string {
  const section = (name: string, body: string): string[] => (body === '' ? [] : ['', strong(name, colour), body]);
  return `${[
    strong(check.id, colour),
    check.title,
    `${check.kind}, ${check.severity}`,
    ...section('Why', paragraph(check.rationale, width)),
    ...section('How it is judged', paragraph(check.judged, width)),
    ...section('How to fix', check.fix),
    ...section('Known false positives', bullets(check.falsePositives)),
    ...section('References', bullets(check.references)),
    ...section('Controls', bullets(check.controls)),
    ...section('IAM actions that its evidence needs', bullets(check.needs)),
  ].join('\n')}\n`;
}

/** The page docs/checks/<id>.md. */
export function renderCheckPage(check: CatalogueEntry): string {
  const section = (name: string, body: string): string => (body === '' ? '' : `\n## ${name}\n\n${body}\n`);
  const isCommand = /^(aws|npx|psql) /m.test(check.fix);
  return [
    `# ${check.id}\n\n${check.title}\n\nKind: ${check.kind}. Severity: ${check.severity}.\n`,
    section('Why', check.rationale),
    section('How it is judged', check.judged),
    section('How to fix', isCommand ? fenced(check.fix) : check.fix),
    section('Known false positives', bullets(check.falsePositives)),
    section('References', bullets(check.references.map((reference) => (reference.startsWith('https://') ? `<${reference}>` : reference)))),
    section('Controls', bullets(check.controls)),
    section('IAM actions that its evidence needs', bullets(check.needs.map((action) => `\`${action}\``))),
  ].join('');
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function strong(text: string, colour: boolean): string {
  return colour ? styleText('bold', text, { validateStream: false }) : text;
}

function paragraph(text: string, width: number): string {
  return wrap(text, Math.max(40, Math.min(width, 100))).join('\n');
}
