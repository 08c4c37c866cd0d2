import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import manifest from '../../package.json';
import texts from '../../package.nls.json';

describe('the manifest', () => {
  const { commands, configuration, menus, submenus, grammars, languages } = manifest.contributes;
  const settings = Object.keys(configuration.properties);

  it('names texts that exist, and leaves none unused', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
  });

  it('gives every command the category, and work', () => {
    const source = readFileSync('src/ui/commands/registerCommands.ts', 'utf8');
    const registered = [...source.matchAll(/register\('(\w+)'/g)].map(([, name]) => `portside.${name}`);
    assert.deepEqual(commands.map(({ command }) => command).sort(), registered.sort());
    assert.deepEqual(new Set(commands.map(({ category }) => category)), new Set(['Portside']));
  });

  it('shows in menus only commands and submenus that exist', () => {
    const known = new Set([...commands.map(({ command }) => command), ...submenus.map(({ id }) => id)]);
    for (const item of Object.values(menus).flat()) {
      const shown = 'submenu' in item ? item.submenu : item.command;
      assert.ok(known.has(shown), shown);
    }
    for (const { id } of submenus) assert.ok(Object.keys(menus).includes(id), id);
  });

  it('offers to copy to another server on FTP files alone', () => {
    assert.deepEqual(
      menus['explorer/context'].map(({ submenu, when }) => [submenu, when]),
      [['portside.ftp', 'resourceScheme == ftp']],
    );
    assert.ok(menus['portside.ftp'].some(({ command }) => command === 'portside.copyToServer'));
    const inPalette = menus.commandPalette.find(({ command }) => command === 'portside.copyToServer');
    assert.equal(inPalette?.when, 'resourceScheme == ftp');
  });

  it('lets a workspace neither choose the route between servers, nor allow it', () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    const { 'portside.serverToServer.allowedPairs': pairs, 'portside.serverToServer.route': route } =
      configuration.properties;
    assert.ok(restricted.includes('portside.serverToServer.route'));
    assert.ok(restricted.includes('portside.serverToServer.allowedPairs'));
    assert.equal(pairs.scope, 'application');
    assert.deepEqual(route.enum, ['auto', 'direct', 'relay']);
  });

  it('lets a workspace weaken no encryption', () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const name of ['sites', 'connection.security', 'tls.minVersion', 'tls.authorities']) {
      assert.ok(restricted.includes(`portside.${name}`), name);
    }
    const { 'portside.tls.minVersion': oldest, 'portside.tls.authorities': files } = configuration.properties;
    assert.deepEqual([oldest.scope, files.scope], ['machine', 'machine']);
  });

  it('offers exactly the settings that are read', () => {
    const source = readFileSync('src/sites/settings.ts', 'utf8');
    const read = [...source.matchAll(/\bread\('([\w.]+)'/g)].map(([, key]) => `portside.${key}`);
    assert.deepEqual([...settings].sort(), [...new Set(read)].sort());
  });

  it('restricts settings that exist', () => {
    for (const setting of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations) {
      assert.ok(settings.includes(setting), setting);
    }
  });

  it('works in virtual and in restricted workspaces, and wakes for its scheme', () => {
    assert.equal(`${manifest.publisher}.${manifest.name}`, 'portside.portside');
    assert.equal(manifest.capabilities.virtualWorkspaces, true);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(manifest.activationEvents, ['onFileSystem:ftp']);
  });

  it('has the files that it names', () => {
    const icon = readFileSync(manifest.icon);
    assert.deepEqual([icon.readUInt32BE(16), icon.readUInt32BE(20)], [128, 128]);
    for (const { path, language } of grammars) {
      assert.ok(readFileSync(path).length > 0);
      assert.ok(languages.some(({ id }) => id === language));
    }
  });
});
