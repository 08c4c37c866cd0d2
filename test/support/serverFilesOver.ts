import { ServerFiles, type ServerFilesOptions } from '../../src/workspace/serverFiles';

/** The files below `/www` as the workspace keeps them; nobody is told of changes, and nothing is polled. */
export function serverFilesOver(
  session: Awaited<ReturnType<ServerFilesOptions['session']>>,
  clock: ServerFilesOptions['clock'],
): ServerFiles {
  return new ServerFiles({
    session: () => Promise.resolve(session),
    clock,
    roots: () => ['/www'],
    worthwhile: () => true,
    pollInterval: () => 0,
    changed: () => undefined,
  });
}
