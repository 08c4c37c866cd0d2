import * as vscode from 'vscode';

/** Says that another extension holds `ftp:`, so that nothing of Portside can work. */
export async function reportSchemeTaken(ownId: string): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'portside.schemeTaken', true);
  const show = vscode.l10n.t('Show Extensions');
  const pressed = await vscode.window.showErrorMessage(schemeTakenText(holderOf(ownId)), show);
  if (pressed === show) await vscode.commands.executeCommand('workbench.view.extensions');
}

function schemeTakenText(id: string | undefined): string {
  if (id === undefined) {
    return vscode.l10n.t(
      'Another extension already handles ftp:// addresses, so Portside cannot open folders. Disable one of the two and reload.',
    );
  }
  return vscode.l10n.t(
    'Another extension ({id}) already handles ftp:// addresses, so Portside cannot open folders. Disable one of the two and reload.',
    { id },
  );
}

/** VS Code does not say who holds a scheme; who wants to be woken for it is the likely one. */
function holderOf(ownId: string): string | undefined {
  return vscode.extensions.all.find(({ id, packageJSON }) => {
    const { activationEvents } = packageJSON as { activationEvents?: unknown };
    const wakes = Array.isArray(activationEvents) && activationEvents.includes('onFileSystem:ftp');
    return wakes && id.toLowerCase() !== ownId.toLowerCase();
  })?.id;
}
