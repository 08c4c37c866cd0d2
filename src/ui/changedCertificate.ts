import * as vscode from 'vscode';
import type { Certificate } from '../ftp/index';
import { dateText, fingerprintLines } from '../sites/certificateText';
import { cleanServerText } from '../sites/serverText';
import type { Pin, TrustMemory } from '../sites/trustMemory';
import { certificateDocument } from './certificateDocument';

/** Shows the certificate that is trusted and the one that the server has now side by side. */
export async function compareCertificates(
  certificate: Certificate,
  memory: TrustMemory,
  now: number,
): Promise<void> {
  const { l10n } = vscode;
  const pin = memory.pinOf(certificate);
  if (!pin) return;
  const host = cleanServerText(certificate.host);
  const date = dateText(pin.trusted);
  const before = certificateDocument(l10n.t('{host}, trusted since {date}', { host, date }), pin, now);
  const after = certificateDocument(l10n.t('{host}, now', { host }), certificate, now);
  const title = l10n.t('Certificate of {host}: trusted since {date} ↔ now', { host, date });
  await vscode.commands.executeCommand('vscode.diff', before, after, title);
}

/** Asks once more, and puts the new certificate in the place of the old one. False: dismissed. */
export async function replaceCertificate(certificate: Certificate, memory: TrustMemory): Promise<boolean> {
  const { l10n } = vscode;
  const replace = l10n.t('Replace');
  const title = l10n.t('Replace the trusted certificate of {host}?', {
    host: cleanServerText(certificate.host),
  });
  const detail = detailOf(certificate, memory.pinOf(certificate));
  const pressed = await vscode.window.showWarningMessage(title, { modal: true, detail }, replace);
  if (pressed !== replace) return false;
  await memory.pin(certificate);
  return true;
}

function detailOf(certificate: Certificate, pin: Pin | undefined): string {
  const { l10n } = vscode;
  const now = fingerprintLines(certificate.fingerprint).join('\n');
  const before = pin && fingerprintLines(pin.fingerprint).join('\n');
  return [
    ...(before === undefined ? [] : [l10n.t('Until now:\n{fingerprint}', { fingerprint: before })]),
    l10n.t('Now:\n{fingerprint}', { fingerprint: now }),
    l10n.t('If the administrator did not announce a new certificate, somebody may be listening in.'),
  ].join('\n\n');
}
