import * as vscode from 'vscode';
import type { CertificateAnswer, CertificateQuestion } from '../sites/certificateJudge';
import { factLines, findingSentences, fingerprintLines } from '../sites/certificateText';
import { cleanServerText } from '../sites/serverText';

/** Asks a person whether to trust a certificate. `now`: milliseconds since 1970. Undefined: dismissed. */
export async function askCertificate(
  { certificate, isAnonymous }: CertificateQuestion,
  now: number,
): Promise<CertificateAnswer> {
  const { l10n } = vscode;
  const always = l10n.t('Trust This Certificate');
  const once = l10n.t('Only This Time');
  const detail = [
    ...findingSentences(certificate, now).map((finding) => `• ${finding}`),
    '',
    ...factLines(certificate),
    // On lines of their own: behind a label the first would be too long for the dialog, and hard to compare.
    'SHA-256:',
    ...fingerprintLines(certificate.fingerprint),
    '',
    // Anonymous has none.
    isAnonymous ? l10n.t('You are not signed in yet.') : l10n.t('Your password has not been sent yet.'),
  ].join('\n');
  const title = l10n.t('Trust the certificate of {host}?', { host: cleanServerText(certificate.host) });
  const pressed = await vscode.window.showWarningMessage(title, { modal: true, detail }, always, once);
  if (pressed === always) return 'always';
  return pressed === once ? 'once' : undefined;
}
