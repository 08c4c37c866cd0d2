import assert from 'node:assert/strict';
import type { CertificateProblem } from '../../src/ftp/index';
import { chooseSecurity } from '../../src/sites/chooseSecurity';
import type { TrustMemory } from '../../src/sites/trustMemory';
import { provideCertificateDocuments } from '../../src/ui/certificateDocument';
import { askCertificate } from '../../src/ui/certificatePrompt';
import { compareCertificates, replaceCertificate } from '../../src/ui/changedCertificate';
import { manageCertificates } from '../../src/ui/commands/manageCertificates';
import { askPassphrase } from '../../src/ui/passphrasePrompt';
import { reportPemFault } from '../../src/ui/pemFaults';
import { certificateOf, trustMemory } from '../support/tlsServices';
import type { Uri } from '../support/vscodeUri';
import {
  contentProviders,
  InputBoxValidationSeverity,
  shown,
  type InputBox,
  type QuickPick,
} from '../support/vscodeWindow';

const now = Date.UTC(2026, 10, 21);
const half = (pair: string) => Array<string>(16).fill(pair).join(':');

describe('the question about a certificate', () => {
  beforeEach(() => shown.reset());

  it('is asked in the words of the specification: findings, facts, fingerprint in two lines, promise', async () => {
    const certificate = certificateOf('AB', { host: 'nas', problems: ['wrong-name', 'self-signed'] });
    assert.equal(await askCertificate({ certificate, isAnonymous: false }, now), undefined);
    assert.deepEqual(shown.messages, [
      {
        text: 'Trust the certificate of nas?',
        buttons: ['Trust This Certificate', 'Only This Time'],
        detail: [
          '• Self-signed: nobody but the server vouches for it. Usual on NAS boxes and internal servers.',
          '• Wrong name: it is for nas.local, 192.0.2.7, not for nas.',
          '',
          'Subject: CN=nas, O=Home',
          'Issuer: CN=nas, O=Home',
          'Valid: 2024-05-01 to 2034-04-29',
          'SHA-256:',
          half('AB'),
          half('AB'),
          '',
          'Your password has not been sent yet.',
        ].join('\n'),
      },
    ]);
  });

  it('gives the answer of the button', async () => {
    const question = { certificate: certificateOf('AB'), isAnonymous: true };
    shown.presses.push('Trust This Certificate', 'Only This Time');
    assert.equal(await askCertificate(question, now), 'always');
    assert.equal(await askCertificate(question, now), 'once');
    assert.match(shown.messages[0]?.detail ?? '', /\n\nYou are not signed in yet\.$/);
  });

  const findings: [CertificateProblem, string][] = [
    ['unknown-issuer', 'Unknown issuer: “CN=nas, O=Home” is not known to this computer.'],
    ['expired', 'Expired on 2020-03-02, 2,455 days ago.'],
    ['not-yet-valid', 'Not valid before 2024-05-01. Is this computer’s clock right?'],
    ['weak', 'Weak: signed or keyed in a way that is no longer safe.'],
    ['other', 'This computer could not verify it.'],
  ];
  for (const [problem, sentence] of findings) {
    it(`says: ${sentence}`, async () => {
      const certificate = certificateOf('AB', { problems: [problem], validTo: Date.UTC(2020, 2, 2) });
      await askCertificate({ certificate, isAnonymous: false }, now);
      assert.equal(shown.messages[0]?.detail?.split('\n')[0], `• ${sentence}`);
    });
  }

  it('lets a certificate write neither lines of its own nor links', async () => {
    const subject = 'CN=[x](command:y)\n\nYour password is safe.\u202e';
    const certificate = certificateOf('AB', { subject, issuer: subject, names: [subject] });
    await askCertificate({ certificate, isAnonymous: false }, now);
    const lines = shown.messages[0]?.detail?.split('\n') ?? [];
    assert.equal(lines.length, 10);
    assert.equal(lines[2], 'Subject: CN=[x] (command:y)··Your password is safe.·');
  });
});

describe('a changed certificate', () => {
  let memory: TrustMemory;
  beforeEach(async () => {
    shown.reset();
    memory = trustMemory(new Map(), () => Date.UTC(2026, 1, 28));
    await memory.pin(certificateOf('AA'));
  });

  it('is compared with the trusted one, fact by fact', async () => {
    const documents = provideCertificateDocuments();
    await compareCertificates(certificateOf('BB'), memory, now);
    const [command, before, after, title] = shown.commands[0] as [string, Uri, Uri, string];
    const text = (uri: Uri) => contentProviders.get(uri.scheme)?.provideTextDocumentContent(uri);
    assert.deepEqual([command, title], ['vscode.diff', 'Certificate of h: trusted since 2026-02-28 ↔ now']);
    assert.deepEqual([before.path, after.path], ['/h, trusted since 2026-02-28.txt', '/h, now.txt']);
    const same = [
      'Subject: CN=nas, O=Home',
      'Issuer: CN=nas, O=Home',
      'Valid from: 2024-05-01',
      'Valid to: 2034-04-29',
    ];
    const finding =
      'Self-signed: nobody but the server vouches for it. Usual on NAS boxes and internal servers.';
    for (const [uri, pair] of [
      [before, 'AA'],
      [after, 'BB'],
    ] as const) {
      const pairs = ['SHA-256:', `  ${half(pair)}`, `  ${half(pair)}`];
      const names = ['Names:', '  nas.local', '  192.0.2.7'];
      assert.equal(text(uri), [...same, ...pairs, ...names, '', finding, ''].join('\n'));
    }
    documents.dispose();
    assert.equal(contentProviders.size, 0);
  });

  it('replaces it only at a second word', async () => {
    shown.presses.push(undefined, 'Replace');
    assert.equal(await replaceCertificate(certificateOf('BB'), memory), false);
    assert.equal(memory.verdictOf(certificateOf('BB')), 'changed');
    assert.equal(await replaceCertificate(certificateOf('BB'), memory), true);
    assert.equal(memory.verdictOf(certificateOf('BB')), 'trusted');
    assert.deepEqual(shown.messages[0], {
      text: 'Replace the trusted certificate of h?',
      buttons: ['Replace'],
      detail: [
        `Until now:\n${half('AA')}\n${half('AA')}`,
        `Now:\n${half('BB')}\n${half('BB')}`,
        'If the administrator did not announce a new certificate, somebody may be listening in.',
      ].join('\n\n'),
    });
  });
});

describe('managing trusted certificates', () => {
  let memory: TrustMemory;
  beforeEach(() => {
    shown.reset();
    memory = trustMemory(new Map(), () => Date.UTC(2026, 1, 28));
  });

  it('says that there is none', async () => {
    await manageCertificates(memory, now);
    assert.match(shown.messages[0]?.text ?? '', /^You have trusted no certificate yet\./);
  });

  it('lists them, and forgets one at the press of its button', async () => {
    await memory.pin(certificateOf('BB', { host: 'z' }));
    await memory.pin(certificateOf('AA'));
    const done = manageCertificates(memory, now);
    const pick = shown.quickPicks[0] as QuickPick;
    assert.deepEqual(
      pick.items.map(({ label }) => label),
      ['h:21', 'z:21'],
    );
    assert.equal(
      (pick.items[0] as unknown as { detail: string }).detail,
      'Trusted since 2026-02-28, valid to 2034-04-29, SHA-256 AA:AA:AA:AA…',
    );
    pick.press(0);
    assert.deepEqual(
      memory.pins().map(({ host }) => host),
      ['z'],
    );
    pick.press(0);
    await done;
    assert.equal(pick.visible, false);
    assert.deepEqual(memory.pins(), []);
  });

  it('shows the one that is chosen', async () => {
    await memory.pin(certificateOf('AA'));
    const done = manageCertificates(memory, now);
    shown.quickPicks[0]?.accept(0);
    await done;
    assert.equal((shown.documents[0] as Uri).path, '/h, trusted since 2026-02-28.txt');
  });
});

describe('the passphrase of a client key', () => {
  beforeEach(() => shown.reset());

  const ask = (isAgain: boolean, signal = new AbortController().signal) => {
    const answer = askPassphrase({ path: '/web.key', isAgain, signal });
    return { answer, box: shown.inputBoxes.at(-1) as InputBox };
  };

  it('is asked for hidden, and again when it does not open the key', async () => {
    const first = ask(false);
    assert.deepEqual([first.box.password, first.box.ignoreFocusOut], [true, true]);
    assert.match(first.box.prompt, /^Passphrase of \/web\.key\. .* never sent\.$/);
    assert.equal(first.box.validationMessage, undefined);
    first.box.accept('wrong');
    assert.equal(await first.answer, 'wrong');
    const second = ask(true);
    const message = 'This passphrase does not open /web.key. Try again.';
    const severity = InputBoxValidationSeverity.Warning;
    assert.deepEqual(second.box.validationMessage, { message, severity });
    second.box.hide();
    assert.equal(await second.answer, undefined);
  });

  it('is taken back', async () => {
    const abort = new AbortController();
    const { answer, box } = ask(false, abort.signal);
    abort.abort();
    assert.equal(await answer, undefined);
    assert.equal(box.visible, false);
  });

  it('says which file of the settings is of no use', async () => {
    shown.presses.push('Open Settings');
    reportPemFault('/own.pem', 'no such file');
    await new Promise((resume) => setImmediate(resume));
    assert.equal(
      shown.messages[0]?.text,
      '/own.pem is named in the settings for TLS, but cannot be used: no such file',
    );
    assert.equal(shown.commands[0]?.[0], 'workbench.action.openSettings');
  });
});

describe('the choice of TLS at the press of a button', () => {
  const address = { host: 'h', port: 21, user: 'web' };
  beforeEach(() => shown.reset());

  it('is remembered where the settings leave it open', async () => {
    const memory = trustMemory();
    shown.settings.set('sites', [{ host: 'h', user: 'web', security: 'auto' }]);
    await chooseSecurity(address, 'implicit', memory);
    assert.equal(memory.wanted(address), 'implicit');
  });

  it('changes the site that says otherwise, and nothing else in the settings', async () => {
    const memory = trustMemory();
    const others = [{ host: 'i', security: 'none' }, 'no entry'];
    shown.settings.set('sites', [{ host: 'H', user: 'web', security: 'none', group: 'x' }, ...others]);
    await chooseSecurity(address, 'explicit', memory);
    assert.deepEqual(shown.settings.get('sites'), [
      { host: 'H', user: 'web', security: 'explicit', group: 'x' },
      ...others,
    ]);
    assert.equal(memory.wanted(address), undefined);
  });
});
