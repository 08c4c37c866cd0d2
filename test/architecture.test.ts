import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Who may import whom, by folder below `src`. `vscode` and `node:` are rooms of their own. */
const table: Readonly<Record<string, readonly string[]>> = {
  'extension.ts': ['base', 'ftp/index.ts', 'sites', 'workspace', 'ui', 'vscode', 'node:'],
  base: [],
  'ftp/index.ts': ['base', 'ftp'],
  'ftp/protocol': ['base'],
  'ftp/mode': ['base', 'ftp/protocol'],
  'ftp/listing': ['base', 'ftp/protocol'],
  'ftp/trace': ['base', 'ftp/protocol'],
  'ftp/net': ['base', 'ftp/protocol', 'ftp/trace'],
  'ftp/pi': ['base', 'ftp/protocol', 'ftp/mode', 'ftp/listing', 'ftp/trace', 'ftp/net'],
  'ftp/dtp': ['base', 'ftp/protocol', 'ftp/mode', 'ftp/listing', 'ftp/trace', 'ftp/net', 'ftp/pi'],
  'ftp/relay': [
    'base',
    'ftp/protocol',
    'ftp/mode',
    'ftp/listing',
    'ftp/trace',
    'ftp/net',
    'ftp/pi',
    'ftp/dtp',
  ],
  'ftp/session': [
    'base',
    'ftp/protocol',
    'ftp/mode',
    'ftp/listing',
    'ftp/trace',
    'ftp/net',
    'ftp/pi',
    'ftp/dtp',
    'ftp/relay',
  ],
  sites: ['base', 'ftp/index.ts', 'vscode'],
  workspace: ['base', 'ftp/index.ts', 'sites', 'vscode'],
  ui: ['base', 'ftp/index.ts', 'sites', 'vscode'],
};

/** Packages that a folder may use besides; each has its reason in CONTRIBUTING.md. */
const packages: Readonly<Record<string, readonly string[]>> = { 'ftp/protocol': ['iconv-lite'] };

/** Only these touch the machine: real sockets, clock, chance, zlib. Type imports are harmless anywhere in `ftp`. */
const mayUseNode = [/^ftp\/net\/node[A-Z]\w*\.ts$/, /^ftp\/net\/tls\w*\.ts$/, /^ftp\/dtp\/deflate\.ts$/];
/** The real environment is chosen at the door, and nowhere else. */
const mayImportNodeNet = [/^ftp\/index\.ts$/, /^ftp\/net\/node[A-Z]\w*\.ts$/];

/** Time, chance and the process come through the seams in everything that is simulated. */
const forbiddenGlobals = new Set(
  [
    'Date performance setTimeout setInterval setImmediate clearTimeout clearInterval queueMicrotask',
    'process crypto WeakRef FinalizationRegistry fetch',
  ]
    .join(' ')
    .split(' '),
);
const forbiddenMembers = new Set(['Math.random', 'AbortSignal.timeout']);
/** Pure layers: scanners are linear, so no regular expressions, and no waiting. */
const pureFolders = ['ftp/protocol', 'ftp/mode', 'ftp/listing'];
const forbiddenInPure = new Set(['RegExp', 'Promise']);

const mostLinesOfFile = 400;
const mostLinesOfFunction = 40;

const root = path.resolve(__dirname, '..');
const source = path.join(root, 'src');

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

describe('architecture', () => {
  const files = walk(source);

  it('finds the source', () => assert.ok(files.length > 40, `${files.length} files`));

  it('has only the imports that the table allows', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((edge) => !isAllowed(file, edge))
        .map((edge) => `${relative(file)} -> ${edge.specifier}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('knows every folder', () => {
    const unknown = files.map(relative).filter((file) => folderOf(file) === undefined);
    assert.deepEqual(unknown, []);
  });

  it('takes time, chance and the process from the seams only', () => {
    const seamed = files.filter((file) => /^(ftp|workspace)\//.test(relative(file)) && !isNodeFile(file));
    assert.deepEqual(
      seamed.flatMap((file) => uses(file, forbiddenGlobals, forbiddenMembers)),
      [],
    );
  });

  it('keeps the pure layers free of promises and regular expressions', () => {
    const pure = files.filter((file) => pureFolders.includes(folderOf(relative(file)) ?? ''));
    assert.deepEqual(
      pure.flatMap((file) => uses(file, forbiddenInPure, new Set(), true)),
      [],
    );
  });

  it('keeps files and functions short', () => {
    const long = files.flatMap((file) => [...longFile(file), ...longFunctions(file)]);
    assert.deepEqual(long, []);
  });

  it('has no any, and no comment that silences the compiler or the linter', () => {
    const wrong = files.flatMap((file) => silenced(file));
    assert.deepEqual(wrong, []);
  });

  it('tests with a reference server that shares no codec with the engine', () => {
    const engine = ['protocol', 'mode', 'listing', 'dtp', 'pi', 'session', 'relay'];
    const wrong = walk(path.join(root, 'test/support/server')).flatMap((file) =>
      importsOf(file)
        .map((edge) => path.relative(source, path.resolve(path.dirname(file), edge.specifier)))
        .filter((target) => engine.some((folder) => target.startsWith(`ftp/${folder}`)))
        .map((target) => `${path.relative(root, file)} -> ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('sees what it forbids', () => {
    const text = 'const a: any = Math.random(); setTimeout(() => new Date(), 1); /x/.test("");';
    const sample = ts.createSourceFile('sample.ts', text, ts.ScriptTarget.ES2022, true);
    const found = usesIn(sample, new Set([...forbiddenGlobals]), forbiddenMembers, true);
    assert.deepEqual(found, ['Math.random', 'setTimeout', 'Date', 'a regular expression']);
  });
});

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const place = path.join(folder, item.name);
    if (item.isDirectory()) return walk(place);
    return /\.ts$/.test(item.name) ? [place] : [];
  });
}

function relative(file: string): string {
  return path.relative(source, file).split(path.sep).join('/');
}

function folderOf(file: string): string | undefined {
  return Object.keys(table).find((folder) => file === folder || file.startsWith(`${folder}/`));
}

function isNodeFile(file: string): boolean {
  return mayUseNode.some((pattern) => pattern.test(relative(file)));
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.isTypeOnly === true
        : node.isTypeOnly;
      found.push({ specifier, typeOnly });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      found.push({ specifier: (node.arguments[0] as ts.StringLiteral).text, typeOnly: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

function isAllowed(file: string, { specifier, typeOnly }: Import): boolean {
  const from = relative(file);
  const folder = folderOf(from);
  const allowed = folder === undefined ? [] : (table[folder] ?? []);
  if (specifier === 'vscode') return allowed.includes('vscode');
  if (specifier.startsWith('node:')) {
    return allowed.includes('node:') || isNodeFile(file) || (typeOnly && from.startsWith('ftp/'));
  }
  if (!specifier.startsWith('.')) return (folder && packages[folder]?.includes(specifier)) === true;
  const joined = path.posix.join(path.posix.dirname(from), specifier);
  const target = joined === 'ftp' ? 'ftp/index.ts' : `${joined}.ts`;
  if (/^ftp\/net\/node[A-Z]/.test(target)) return mayImportNodeNet.some((pattern) => pattern.test(from));
  const room = folderOf(target);
  return room === folder || allowed.some((name) => target === name || target.startsWith(`${name}/`));
}

function uses(file: string, globals: Set<string>, members: Set<string>, literals = false): string[] {
  return usesIn(parse(file), globals, members, literals).map((name) => `${relative(file)}: ${name}`);
}

function usesIn(
  file: ts.SourceFile,
  globals: Set<string>,
  members: Set<string>,
  literals: boolean,
): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && members.has(node.getText(file))) {
      found.push(node.getText(file));
    }
    if (ts.isIdentifier(node) && globals.has(node.text) && !isName(node)) found.push(node.text);
    if (literals && ts.isRegularExpressionLiteral(node)) found.push('a regular expression');
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** `x.process` or `{ process: 1 }` names a property, not the global. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent)) &&
    parent.name === node
  );
}

function longFile(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length;
  return lines > mostLinesOfFile ? [`${relative(file)}: ${lines} lines`] : [];
}

function longFunctions(file: string): string[] {
  const parsed = parse(file);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && ts.isBlock(node.body)) {
      const lines = lineOf(parsed, node.body.end) - lineOf(parsed, node.body.getStart(parsed)) - 1;
      if (lines > mostLinesOfFunction) found.push(`${relative(file)}: a function of ${lines} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

function lineOf(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line;
}

function silenced(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const parsed = parse(file);
  const found: string[] = /@ts-(ignore|nocheck|expect-error)|eslint-disable/.test(text) ? ['a silencer'] : [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push('any');
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found.map((what) => `${relative(file)}: ${what}`);
}
