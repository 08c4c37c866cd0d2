// Paths on a server: absolute, separated by `/`, decoded, `/` for the root and no `/` at the end.

export const rootPath = '/';

/** The path of a URI, as VS Code hands it in: empty behind a bare authority, `/` at the end by hand. */
export function normalPath(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return path.slice(0, end) || rootPath;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || rootPath;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(directory: string, name: string): string {
  return directory === rootPath ? `/${name}` : `${directory}/${name}`;
}

/** Whether `path` is `directory`, or lies in it at any depth. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || directory === rootPath || path.startsWith(`${directory}/`);
}

/** The directories above `path`, from the root down to its parent. */
export function directoriesAbove(path: string): string[] {
  const above: string[] = [];
  for (let directory = path; directory !== rootPath;) above.unshift((directory = parentOf(directory)));
  return above;
}
