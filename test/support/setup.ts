// Loaded before every suite: outside VS Code the module `vscode` is our stub.
import Module from 'node:module';
import path from 'node:path';

type Resolve = (request: string, ...rest: unknown[]) => string;
const loader = Module as unknown as { _resolveFilename: Resolve };
const resolve = loader._resolveFilename;

loader._resolveFilename = function (this: unknown, request: string, ...rest: unknown[]): string {
  if (request === 'vscode') return path.join(__dirname, 'vscode.ts');
  return resolve.call(this, request, ...rest);
};
