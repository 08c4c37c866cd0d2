import * as vscode from 'vscode';
import { dateText, fingerprintLines } from '../../sites/certificateText';
import { cleanServerText } from '../../sites/serverText';
import { hostKey } from '../../sites/siteUri';
import type { Pin, TrustMemory } from '../../sites/trustMemory';
import { certificateDocument } from '../certificateDocument';

interface PinRow extends vscode.QuickPickItem {
  readonly pin: Pin;
}

/** Lists the certificates that people trust: Enter shows one, its button forgets it. */
export async function manageCertificates(memory: TrustMemory, now: number): Promise<void> {
  const { l10n } = vscode;
  if (memory.pins().length === 0) {
    await vscode.window.showInformationMessage(
      l10n.t(
        'You have trusted no certificate yet. Those that this computer trusts by itself are not listed here.',
      ),
    );
    return;
  }
  const pick = vscode.window.createQuickPick<PinRow>();
  pick.title = l10n.t('Manage Trusted Certificates');
  pick.placeholder = l10n.t('Choose a certificate to look at it');
  pick.matchOnDescription = true;
  pick.items = rowsOf(memory);
  pick.onDidTriggerItemButton(({ item }) => {
    const forgotten = memory.forget(item.pin);
    pick.items = pick.items.filter((row) => row !== item);
    if (pick.items.length === 0) pick.hide();
    return forgotten;
  });
  const chosen = new Promise<Pin | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.pin));
    pick.onDidHide(() => resolve(undefined));
  });
  pick.show();
  const pin = await chosen.finally(() => pick.dispose());
  if (pin) await vscode.window.showTextDocument(documentOf(pin, now), { preview: true });
}

function rowsOf(memory: TrustMemory): PinRow[] {
  const forget: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('trash'),
    tooltip: vscode.l10n.t('Forget'),
  };
  const pins = memory.pins().sort((a, b) => hostKey(a).localeCompare(hostKey(b)));
  return pins.map((pin) => ({
    label: cleanServerText(hostKey(pin)),
    description: cleanServerText(pin.subject),
    detail: vscode.l10n.t('Trusted since {date}, valid to {end}, SHA-256 {fingerprint}…', {
      date: dateText(pin.trusted),
      end: dateText(pin.validTo),
      // Enough to tell two apart; Enter shows it whole.
      fingerprint: fingerprintLines(pin.fingerprint)[0].slice(0, 11),
    }),
    iconPath: new vscode.ThemeIcon('shield'),
    buttons: [forget],
    pin,
  }));
}

function documentOf(pin: Pin, now: number): vscode.Uri {
  const host = cleanServerText(pin.host);
  return certificateDocument(
    vscode.l10n.t('{host}, trusted since {date}', { host, date: dateText(pin.trusted) }),
    pin,
    now,
  );
}
