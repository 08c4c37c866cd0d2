import { l10n } from 'vscode';
import type { FtpSession } from '../ftp';
import { cleanServerText } from '../sites/serverText';
import { CopyInterrupted } from './copyInterrupted';
import { planCopy, type Branch } from './copyPlan';
import { copyTree, removeCopied, type CopyProgress, type CopyRoute } from './copyTree';
import { deleteTree } from './deleteTree';
import { checkTarget } from './renameFile';
import { pathError } from './refusal';
import { parentOf } from './remotePath';
import type { ServerFiles } from './serverFiles';

/** A path among the files of a server. */
export interface FilePlace {
  readonly files: ServerFiles;
  readonly path: string;
  /** What a person calls the server. */
  readonly server: string;
  /** Does work that is about this place: its errors are told of this server. */
  readonly about: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface CopyChoices {
  readonly overwrite: boolean;
  /** How two servers exchange files: asked when nothing else stands in the way. Rejects when a person gives up. */
  readonly route: () => Promise<CopyRoute>;
  /** Make the directories above the target where they are missing. */
  readonly makeParents?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** Copies a file or a tree, within a server or from one to another. */
export async function copyFiles(from: FilePlace, to: FilePlace, choices: CopyChoices): Promise<void> {
  await new Copying(from, to, choices).run();
}

/** FTP renames within a server only: a copy, and once every file has arrived, what was copied goes from the source. */
export async function moveFiles(from: FilePlace, to: FilePlace, choices: CopyChoices): Promise<void> {
  const { files, path } = from;
  const copied = await new Copying(from, to, choices, true).run();
  if (!copied) return;
  const remove = (session: FtpSession): Promise<void> => removeCopied(session, path, copied);
  try {
    await from.about(() => files.change([path], remove, () => files.cache.removed(path)));
  } catch (error) {
    const told = { source: cleanServerText(from.server), target: cleanServerText(to.server) };
    const text = l10n.t('All was copied to {target}. What could not be deleted is on {source}, too.', told);
    throw new CopyInterrupted(error, text);
  }
  files.changed({ kind: 'deleted', path });
}

class Copying {
  private progress: CopyProgress | undefined;

  constructor(
    private readonly from: FilePlace,
    private readonly to: FilePlace,
    private readonly choices: CopyChoices,
    /** The source is to go afterwards. */
    private readonly moves = false,
  ) {}

  /** What was copied; undefined where the target is the source itself. */
  async run(): Promise<Branch | undefined> {
    const { from, to } = this;
    const { overwrite, makeParents } = this.choices;
    await from.files.require(from.path);
    if (this.within && from.path === to.path) {
      if (overwrite) return undefined;
      throw pathError('exists', to.path);
    }
    if (makeParents) await makeDirectories(to.files, parentOf(to.path));
    const target = await checkTarget(to.files, this.within ? from.path : undefined, to.path, overwrite);
    const route = this.within ? 'auto' : await this.choices.route();
    const tree = await from.about(() => this.plan());
    const work = async (session: FtpSession): Promise<void> => {
      // A file is replaced by what is written over it.
      const inTheWay = target && (target.type === 'directory' || tree.kind === 'directory');
      if (inTheWay) await deleteTree(session, to.path, target.type);
      await this.transport(tree, session, route);
    };
    // Sizes and names of a whole tree: the listings will tell.
    await to.files.change([to.path], work, () => to.files.cache.forget(to.path));
    to.files.changed({ kind: target ? 'changed' : 'created', path: to.path });
    return tree;
  }

  private get within(): boolean {
    return this.from.files === this.to.files;
  }

  private async plan(): Promise<Branch> {
    const { files, path } = this.from;
    const { signal } = this.choices;
    const session = await files.session();
    return planCopy({ session, path }, await files.require(path), signal ? { signal } : {});
  }

  private async transport(tree: Branch, session: FtpSession, route: CopyRoute): Promise<void> {
    const { from, to } = this;
    const { signal, onProgress } = this.choices;
    const source = { session: await from.files.session(), path: from.path };
    const follow = (progress: CopyProgress): void => {
      this.progress = progress;
      onProgress?.(progress);
    };
    const options = { route, onProgress: follow, ...(signal ? { signal } : {}) };
    try {
      await copyTree(source, { session, path: to.path }, tree, options);
    } catch (error) {
      throw new CopyInterrupted(error, this.whatIsWhere(tree));
    }
  }

  /** Of a single file the engine's error tells. */
  private whatIsWhere({ kind }: Branch): string {
    const source = cleanServerText(this.from.server);
    const target = cleanServerText(this.to.server);
    const { files: arrived = 0, filesTotal: total = 0 } = this.progress ?? {};
    const sentences = [
      ...(kind === 'directory'
        ? [l10n.t('{arrived} of {total} files were copied to {target}.', { arrived, total, target })]
        : []),
      ...(this.moves ? [l10n.t('Nothing was deleted on {source}.', { source })] : []),
    ];
    return sentences.join(' ');
  }
}

/** The directory and those above it, where they are missing. */
async function makeDirectories(files: ServerFiles, path: string): Promise<void> {
  if (await files.cache.find(path)) return;
  await makeDirectories(files, parentOf(path));
  await files.createDirectory(path);
}
