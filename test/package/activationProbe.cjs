// Loads a bundle of the extension and activates it outside VS Code; prints as JSON what it touched on its way.
// node activationProbe.cjs BUNDLE
const Module = require('node:module');
const net = require('node:net');
const dns = require('node:dns');
const dnsPromises = require('node:dns/promises');
const fs = require('node:fs');

const seen = { modules: [], timers: 0, network: 0, reads: 0, vscodeCopies: 0, calls: [] };

/** Whatever is asked of it, it answers with another of its kind, and remembers what was called. */
function anything(name) {
  return new Proxy(function () {}, {
    get: (target, key) => {
      if (key === Symbol.toPrimitive) return () => name;
      if (key === Symbol.iterator) return () => [][Symbol.iterator]();
      // The proxy must show a class's own prototype as it is; and nothing here is a promise.
      if (key === 'then' || key === 'prototype') return target[key];
      return anything(`${name}.${String(key)}`);
    },
    apply: () => {
      seen.calls.push(name);
      return anything(`${name}()`);
    },
    construct: () => anything(`new ${name}`),
    set: () => true,
  });
}

const names = ['Disposable', 'EventEmitter', 'FileSystemError', 'Uri', 'MarkdownString', 'ThemeColor'];
names.push('window', 'workspace', 'commands', 'languages', 'env', 'l10n', 'extensions');
names.push('ConfigurationTarget', 'FileChangeType', 'FilePermission', 'FileType', 'LogLevel');
names.push('ProgressLocation', 'QuickPickItemKind', 'StatusBarAlignment', 'ViewColumn');
const vscode = new Proxy(Object.fromEntries(names.map((name) => [name, anything(name)])), {
  get: (known, key) => known[key] ?? assertKnown(key),
  ownKeys: (known) => {
    seen.vscodeCopies++;
    return Reflect.ownKeys(known);
  },
});

function assertKnown(key) {
  throw new Error(`This stand-in for VS Code has no '${String(key)}'.`);
}

const load = Module._load;
Module._load = function (request, ...rest) {
  if (request === 'vscode') return vscode;
  seen.modules.push(request.replace(/^node:/, ''));
  return load.call(this, request, ...rest);
};

function count(what, object, ...methods) {
  for (const method of methods) {
    const real = object[method];
    object[method] = function (...args) {
      seen[what]++;
      return real.apply(this, args);
    };
  }
}

count('timers', globalThis, 'setTimeout', 'setInterval', 'setImmediate');
count('network', net.Socket.prototype, 'connect');
count('network', net.Server.prototype, 'listen');
count('network', dns, 'lookup');
count('network', dnsPromises, 'lookup');
const bundle = process.argv[2];
const extension = require(bundle);
// From here on: Node itself reads the bundle.
count('reads', fs, 'readFileSync', 'readFile', 'openSync', 'open', 'existsSync');
extension.activate({
  subscriptions: [],
  secrets: anything('secrets'),
  globalState: anything('globalState'),
  extension: { id: 'portside.portside' },
});
const { modules, calls, ...counts } = seen;
console.log(
  JSON.stringify({
    modules: [...new Set(modules)].filter((name) => name !== bundle).sort(),
    calls,
    ...counts,
  }),
);
