/**
 * The file that a person saves, where `path` is the temporary name beside it: `/www/.index.php.portside-7f3a`
 * stands for `/www/index.php`. Undefined for any other path.
 */
export function savedAside(path: string): string | undefined {
  const match = /^(.*\/)\.([^/]+)\.portside-[0-9a-z]+$/.exec(path);
  return match ? `${match[1]}${match[2]}` : undefined;
}

export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || '/';
}
