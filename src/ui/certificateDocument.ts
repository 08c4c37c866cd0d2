import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import {
  dateText,
  findingSentences,
  fingerprintLines,
  type CertificateFacts,
} from '../sites/certificateText';
import { cleanServerText } from '../sites/serverText';

/** A read-only document with one fact on a line, so that two of them can be compared. Its text is in its Uri. */
export function certificateDocument(title: string, certificate: CertificateFacts, now: number): vscode.Uri {
  // A slash would make a folder of what stands before it.
  const path = `/${title.replaceAll('/', '-')}.txt`;
  return vscode.Uri.from({ scheme, path, query: textOf(certificate, now) });
}

export function provideCertificateDocuments(): Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: ({ query }) => query,
  });
}

const scheme = 'portside-certificate';

function textOf(certificate: CertificateFacts, now: number): string {
  const { l10n } = vscode;
  const { subject, issuer, names, validFrom, validTo, fingerprint } = certificate;
  const lines = [
    l10n.t('Subject: {subject}', { subject: cleanServerText(subject) }),
    l10n.t('Issuer: {issuer}', { issuer: cleanServerText(issuer) }),
    l10n.t('Valid from: {date}', { date: dateText(validFrom) }),
    l10n.t('Valid to: {date}', { date: dateText(validTo) }),
    'SHA-256:',
    ...fingerprintLines(fingerprint).map((pairs) => `  ${pairs}`),
    l10n.t('Names:'),
    ...names.map((name) => `  ${cleanServerText(name)}`),
    '',
    ...findingSentences(certificate, now),
    '',
  ];
  return lines.join('\n');
}
