import { FilePermission, FileType, type FileStat } from 'vscode';
import type { Entry } from '../ftp';

/** What VS Code is told of an entry. A time that the server does not tell is 0: an invented one would be believed. */
export function toFileStat(entry: Entry): FileStat {
  return {
    type: toFileType(entry),
    ctime: 0,
    mtime: entry.modified?.time ?? 0,
    size: (entry.type === 'directory' || entry.targetType === 'directory' ? undefined : entry.size) ?? 0,
    ...(isReadonly(entry) && { permissions: FilePermission.Readonly }),
  };
}

/** A link has the type of what it leads to as well, if that is known. */
export function toFileType(entry: Entry): FileType {
  switch (entry.type) {
    case 'file':
      return FileType.File;
    case 'directory':
      return FileType.Directory;
    case 'symlink':
      return FileType.SymbolicLink | toTargetType(entry);
    case 'unknown':
      return FileType.Unknown;
  }
}

function toTargetType({ targetType }: Entry): FileType {
  if (!targetType) return FileType.Unknown;
  return targetType === 'directory' ? FileType.Directory : FileType.File;
}

/** Only where the server says so: an editor that wrongly refuses to edit is worse than a 550. */
function isReadonly(entry: Entry): boolean {
  const { type, permissions, mode } = entry;
  if (permissions !== undefined) return !anyOf(permissions, type === 'directory' ? 'cmp' : 'wa');
  // The bits of a directory, and those of a link itself, say little about what the server lets us do.
  return type === 'file' && mode !== undefined && (mode & 0o222) === 0;
}

/** RFC 3659 §7.5.5: `w` STOR, `a` APPE; of a directory, `c` create files, `m` MKD, `p` delete what is in it. */
function anyOf(permissions: string, letters: string): boolean {
  return [...letters].some((letter) => permissions.includes(letter));
}
