import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { keepSecrets, screenshot } from '../support/browser';
import type { CertificateName } from '../support/server/tls/tlsSettings';
import { credentials } from '../support/server/tls/tlsSettings';
import { evidence, project, startWorkbench, type WorkbenchRun } from '../support/workbenchRun';
import { type ThemeKind, themes } from '../support/workbenchSettings';
import { WorkbenchSite } from '../support/workbenchSite';

const kinds = Object.keys(themes) as ThemeKind[];

describe('A server with a certificate that nobody vouches for', () => {
  let run: WorkbenchRun | undefined;
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    run = await startWorkbench({ folder: true, tls: { certificate: 'selfSigned' } });
    await run.workbench.answer('secret', 'password');
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(() => run?.stop());

  it('is asked about before the password is sent: findings, facts, fingerprint, promise', async () => {
    const { workbench, page, site } = started();
    await workbench.dialog.filter({ hasText: 'Trust the certificate of 127.0.0.1?' }).waitFor();
    await workbench.waitForStatus('Certificate of 127.0.0.1');
    await screenshot(page, 'certificate-asked');
    const detail = await detailOf(workbench);
    assert.deepEqual(detail.split('\n'), [
      '• Self-signed: nobody but the server vouches for it. Usual on NAS boxes and internal servers.',
      '',
      'Subject: CN=nas, O=Home',
      'Issuer: CN=nas, O=Home',
      'Valid: 2020-01-01 to 2120-01-01',
      'SHA-256:',
      ...fingerprintHalves('selfSigned'),
      '',
      'Your password has not been sent yet.',
    ]);
    const sent = site.commands.filter((line) => /^(USER|PASS)/.test(line));
    assert.deepEqual(sent, []);
  });

  for (const kind of kinds) {
    it(`shows that question in ${kind}`, async () => {
      const { workbench, page, useTheme } = started();
      await useTheme(kind);
      await workbench.dialog.waitFor();
      await screenshot(page, `certificate-${kind.replace(' ', '-')}`);
    });
  }

  it('is not connected to when that is declined; the status bar says what is missing', async () => {
    const { workbench, page, site } = started();
    await workbench.dialog.getByText('Cancel').click();
    // What a browser's VS Code says of every root that cannot be opened.
    await workbench.dialog.filter({ hasText: 'Workspace does not exist' }).getByText('Cancel').click();
    await workbench.waitForStatus('Certificate of 127.0.0.1');
    await screenshot(page, 'certificate-declined');
    assert.equal(await workbench.toasts.count(), 0);
    assert.deepEqual(
      site.commands.filter((line) => /^(USER|PASS)/.test(line)),
      [],
    );
  });

  it('is asked about again at a click, and the password is not', async () => {
    const { workbench, page } = started();
    await workbench.monitor.click();
    await workbench.dialog.getByText('Trust This Certificate').click();
    await workbench.monitor.locator('.codicon-plug').waitFor();
    await workbench.row('about.html').waitFor();
    await screenshot(page, 'certificate-trusted');
  });

  it('is asked about no more once it is trusted', async () => {
    const { workbench } = started();
    await workbench.runCommand('Portside: Disconnect');
    await workbench.monitor.locator('.codicon-debug-disconnect').waitFor();
    await workbench.row('css').click();
    await workbench.row('site.css').waitFor();
    assert.equal(await workbench.dialog.count(), 0);
  });

  it('shows a lock in the tooltip, and TLS in the log', async () => {
    const { workbench, page } = started();
    await page.setViewportSize({ width: 1600, height: 900 }); // a wrapped line would not hold what is looked for
    await workbench.runCommand('Portside: Show Protocol Log');
    await workbench.monitor.hover();
    const tooltip = page.locator('.monaco-hover', { hasText: 'TLS 1.3' });
    await tooltip.locator('.codicon-lock').waitFor();
    await screenshot(page, 'tooltip-lock');
    const lines = await workbench.log('~ TLS 1.3');
    for (const line of lines) {
      assert.match(line, /~ TLS 1\.3, TLS_\w+, certificate nas, accepted by you, new session$/);
    }
    await screenshot(page, 'log-tls');
    const [open = ''] = await workbench.log('= open, passive EPSV');
    assert.match(open, /, TLS 1\.3 resumed$/);
    await workbench.showWholeLog();
  });

  it('is refused when its certificate has changed', async () => {
    const { workbench, page, site, useTheme } = started();
    await useTheme('light');
    await site.goAway();
    await site.comeBack({ certificate: 'changed' });
    await workbench.row('notes').click();
    // VS Code has a notification of its own for a folder whose `stat` fails; the one with the buttons is ours.
    const ours = workbench.toasts.filter({ hasText: 'has changed since' });
    await ours.waitFor();
    const text = await ours.locator('.notification-list-item-message').textContent();
    await screenshot(page, 'certificate-changed');
    assert.match(
      text ?? '',
      /^The certificate of 127\.0\.0\.1 has changed since \d{4}-\d\d-\d\d\. The connection was refused and no password was sent\.$/,
    );
    assert.deepEqual(
      site.commands.filter((line) => /^(USER|PASS)/.test(line)),
      [],
    );
    assert.equal(await workbench.toasts.getByText(/^Trust/).count(), 1);
    await workbench.waitForStatus('Certificate of 127.0.0.1');
  });

  it('shows both certificates side by side', async () => {
    const { workbench, page } = started();
    await workbench.toasts.getByText('Compare Certificates').click();
    const sides = page.locator('.monaco-diff-editor .view-lines');
    await sides.filter({ hasText: fingerprintHalves('selfSigned')[0] }).waitFor();
    await sides.filter({ hasText: fingerprintHalves('changed')[0] }).waitFor();
    await workbench.toasts.filter({ hasText: 'has changed since' }).waitFor();
    for (const kind of kinds) {
      await started().useTheme(kind);
      await screenshot(page, `certificates-compared-${kind.replace(' ', '-')}`);
    }
  });

  it('is connected to again once the new certificate is trusted in its place', async () => {
    const { workbench, page, useTheme } = started();
    await workbench.toasts.getByText('Trust New Certificate…').click();
    await workbench.dialog.filter({ hasText: 'Replace the trusted certificate' }).waitFor();
    for (const kind of kinds) {
      await useTheme(kind);
      await screenshot(page, `certificate-replace-${kind.replace(' ', '-')}`);
    }
    const detail = await detailOf(workbench);
    for (const name of ['selfSigned', 'changed'] as const) {
      assert.ok(detail.includes(fingerprintHalves(name).join('\n')), detail);
    }
    await workbench.dialog.getByText('Replace', { exact: true }).click();
    await workbench.monitor.locator('.codicon-plug').waitFor();
    await workbench.row('01.md').waitFor();
    assert.equal(await workbench.toasts.filter({ hasText: 'has changed since' }).count(), 0);
    await workbench.closeToasts();
  });

  it('stands in the list of trusted certificates, which forgets it', async () => {
    const { workbench, page } = started();
    await workbench.runCommand('Portside: Manage Trusted Certificates');
    const row = workbench.quickInput.locator('.monaco-list-row', { hasText: '127.0.0.1' });
    await row.hover();
    await row.locator('.codicon-trash').waitFor();
    await screenshot(page, 'certificates-managed');
    await row.locator('.codicon-trash').click();
    await row.waitFor({ state: 'detached' });
    await workbench.runCommand('Portside: Manage Trusted Certificates');
    await workbench.onlyToast('You have trusted no certificate yet.');
  });
});

async function askWhichServer({ workbench, page }: WorkbenchRun): Promise<void> {
  await workbench.runCommand('View: Show Explorer');
  await page.locator('.welcome-view').getByText('Open FTP Server').click();
  await workbench.quickInput.filter({ hasText: 'Connect to FTP Server' }).waitFor();
}

async function detailOf({ dialog }: WorkbenchRun['workbench']): Promise<string> {
  const text = await dialog.locator('.dialog-message-detail').innerText();
  return text.replaceAll('\u00a0', ' ');
}

function fixture(name: string): string {
  return path.join(project, 'test/fixtures/tls', name);
}

function lockedKey(passphrase: string): string {
  const key = createPrivateKey(credentials('client').key);
  return key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
}

/** As people read it, in two lines. */
function fingerprintHalves(name: CertificateName): [string, string] {
  const pairs = new X509Certificate(credentials(name).cert).fingerprint256.split(':');
  return [pairs.slice(0, 16).join(':'), pairs.slice(16).join(':')];
}

describe('An ftps:// URL', () => {
  let run: WorkbenchRun | undefined;
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    const settings = () => ({ 'portside.tls.authorities': [fixture('authority.pem')] });
    run = await startWorkbench({ folder: false, tls: { implicit: true }, settings });
    await keepSecrets(run.page);
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(() => run?.stop());

  it('begins with TLS, by the authorities of the settings, also when the window opens it again', async () => {
    const { workbench, page, site } = started();
    await askWhichServer(started());
    await workbench.answer(`ftps://web:secret@127.0.0.1:${site.port}/`, 'text');
    // Opening the folder loads the page anew: from then on its address alone, `ftp://…`, must do.
    await workbench.row('about.html').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('folder'), site.url);
    assert.equal(await workbench.dialog.count(), 0);
    await workbench.monitor.locator('.codicon-plug').waitFor();
    await workbench.monitor.hover();
    await page.locator('.monaco-hover .codicon-lock').waitFor();
    await screenshot(page, 'implicit');
  });
});

describe('A saved server that wants a client certificate', () => {
  let run: WorkbenchRun | undefined;
  let keys = '';
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    keys = mkdtempSync(path.join(os.tmpdir(), 'portside-ui-keys-'));
    const key = path.join(keys, 'client.key');
    writeFileSync(key, lockedKey('sesame'));
    run = await startWorkbench({
      folder: false,
      tls: { clientCertificate: 'required' },
      settings: ({ port }) => ({
        'portside.sites': [
          {
            name: 'vault',
            host: '127.0.0.1',
            port,
            security: 'explicit',
            tls: {
              authorities: [fixture('authority.pem')],
              clientCertificate: { certificate: fixture('client.pem'), key },
            },
          },
        ],
      }),
    });
    await keepSecrets(run.page);
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(async () => {
    await run?.stop();
    rmSync(keys, { recursive: true, force: true });
  });

  it('is shown it once a passphrase has opened its key, which is asked for once', async () => {
    const { workbench, page } = started();
    await askWhichServer(started());
    await workbench.answer('vault', 'text');
    await workbench.quickInput.filter({ hasText: 'Open the Client Key' }).waitFor();
    await screenshot(page, 'passphrase-asked');
    await workbench.answer('wrong', 'password');
    await workbench.quickInput.filter({ hasText: 'This passphrase does not open' }).waitFor();
    await screenshot(page, 'passphrase-again');
    await workbench.answer('sesame', 'password');
    // The folder loads the page anew; from then on the secret storage knows the passphrase.
    await workbench.row('about.html').waitFor();
    await workbench.waitForStatus('vault');
    await workbench.monitor.locator('.codicon-plug').waitFor();
    assert.equal(await workbench.dialog.count(), 0);
  });
});

describe('An ftpes:// URL', () => {
  let run: WorkbenchRun | undefined;
  let expired: WorkbenchSite | undefined;
  const started = (): WorkbenchRun => run ?? assert.fail('VS Code has not started');

  before(async function () {
    this.timeout(180_000);
    run = await startWorkbench({ folder: false });
    expired = await WorkbenchSite.start({ certificate: 'expired' });
  });
  afterEach(function () {
    return evidence(this.currentTest, run);
  });
  after(async () => {
    await run?.stop();
    await expired?.stop();
  });

  it('of a server without TLS: sends no password, and says so', async () => {
    const { workbench, page, site, useTheme } = started();
    await askWhichServer(started());
    await workbench.answer(`ftpes://web@127.0.0.1:${site.port}/`, 'text');
    await workbench.quickInput.filter({ hasText: '(encrypted with TLS)' }).waitFor();
    await useTheme('light');
    await screenshot(page, 'password-encrypted');
    await workbench.answer('secret', 'password');
    const text = await workbench.onlyToast('offers no TLS');
    await screenshot(page, 'no-tls');
    assert.equal(
      text,
      '127.0.0.1 offers no TLS, and Portside is set to insist on it. Nothing was sent in clear; to do without TLS, set “security” of this server to none in portside.sites.',
    );
    assert.deepEqual(site.commands, ['AUTH TLS']);
  });

  it('of a server whose certificate has several faults: each has a line, and nobody is signed in', async () => {
    const { workbench, page, useTheme } = started();
    await workbench.closeToasts();
    await askWhichServer(started());
    await workbench.answer(`ftpes://127.0.0.1:${expired?.port}/`, 'text');
    await workbench.dialog.filter({ hasText: 'Trust the certificate of 127.0.0.1?' }).waitFor();
    for (const kind of kinds) {
      await useTheme(kind);
      await screenshot(page, `certificate-faults-${kind.replace(' ', '-')}`);
    }
    const lines = (await detailOf(workbench)).split('\n');
    assert.equal(
      lines[0],
      '• Unknown issuer: “CN=Portside Test Authority, O=Portside Tests” is not known to this computer.',
    );
    assert.match(lines[1] ?? '', /^• Expired on 2020-01-01, [\d,]+ days ago\.$/);
    assert.equal(lines.at(-1), 'You are not signed in yet.');
    assert.deepEqual(expired?.commands, ['AUTH TLS']);
    await workbench.dialog.getByText('Cancel').click();
    await workbench.dialog.waitFor({ state: 'detached' });
    assert.equal(await workbench.toasts.count(), 0);
  });
});
