// Bundles the extension into dist/extension.js. `vscode` is what the host gives; everything else is inside.
import { build } from 'esbuild';

/** For each file that says `import * as vscode`, esbuild copies all of its 450 names at every start: they share one copy. */
const oneVscode = {
  name: 'one-vscode',
  setup({ onResolve, onLoad }) {
    const namespace = 'shared';
    onResolve({ filter: /^vscode$/ }, (from) =>
      from.namespace === namespace ? { path: 'vscode', external: true } : { path: 'vscode', namespace },
    );
    onLoad({ filter: /^vscode$/, namespace }, () => ({ contents: "export * from 'vscode'" }));
  },
};

await build({
  entryPoints: ['src/extension.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  plugins: [oneVscode],
  // The tables of East Asian encodings are half of all code, and hardly anybody's server needs one: read when needed.
  loader: { '.json': 'copy' },
  assetNames: 'encodings/[name]',
  minify: process.argv.includes('--production'),
  sourcemap: process.argv.includes('--production') ? false : 'linked',
  logLevel: 'warning',
});
