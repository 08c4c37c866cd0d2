import assert from 'node:assert/strict';
import { FtpError } from '../../src/ftp/index';
import type { PasswordQuestion } from '../../src/sites/serverConnection';
import { askPassword } from '../../src/ui/passwordPrompt';
import { shown, type InputBox } from '../support/vscodeWindow';

describe('askPassword', () => {
  beforeEach(() => shown.reset());

  function ask(more: Partial<PasswordQuestion> = {}) {
    const { signal } = new AbortController();
    const question = {
      name: 'shop',
      host: 'ftp.example.com',
      port: 21,
      user: 'web',
      encryption: 'clear' as const,
      save: true,
      signal,
      ...more,
    };
    const answer = askPassword(question);
    return { answer, box: shown.inputBoxes.at(-1) as InputBox };
  }

  it('asks with the password hidden, and warns of the open line', async () => {
    const { answer, box } = ask();
    assert.deepEqual(
      [box.title, box.placeholder, box.password, box.ignoreFocusOut],
      ['Sign In to shop', 'Password', true, true],
    );
    assert.match(box.prompt, /^Password of web on ftp\.example\.com:21 .* saved in the secret storage/);
    assert.match((box.validationMessage as { message: string }).message, /not encrypted/);
    box.accept('pw');
    assert.deepEqual(await answer, { text: 'pw', save: true });
    assert.equal(box.visible, false);
  });

  it('says of the way only what is known before connecting', async () => {
    for (const [encryption, words] of [
      ['tls', 'Password of web on ftp.example.com:21 (encrypted with TLS).'],
      ['if-offered', 'Password of web on ftp.example.com:21 (encrypted if the server offers TLS).'],
    ] as const) {
      const { answer, box } = ask({ encryption });
      assert.equal(box.prompt, `${words} It will be saved in the secret storage of this computer.`);
      assert.equal(box.validationMessage, undefined);
      box.hide();
      await answer;
    }
  });

  it('is dismissed by Escape', async () => {
    const { answer, box } = ask();
    box.hide();
    assert.equal(await answer, undefined);
  });

  it('is taken back', async () => {
    const abort = new AbortController();
    const { answer, box } = ask({ signal: abort.signal });
    abort.abort();
    assert.equal(await answer, undefined);
    assert.equal(box.visible, false);
  });

  it('shows the password, and does not save it, at the press of a button', async () => {
    const { answer, box } = ask();
    box.press(0);
    box.press(1);
    assert.equal(box.password, false);
    assert.match(box.prompt, /forgotten when this window closes/);
    box.accept('pw');
    assert.deepEqual(await answer, { text: 'pw', save: false });
  });

  it('quotes the refusal as harmless text', async () => {
    const refusal = new FtpError('login-refused', 'x', { facts: { said: 'No [x](command:y)\u202e.' } });
    const { answer, box } = ask({ refusal });
    assert.equal(
      (box.validationMessage as { message: string }).message,
      'Refused: “No [x] (command:y)·”. Check user name and password.',
    );
    box.hide();
    await answer;
  });
});
