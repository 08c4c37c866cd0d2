import type { Random } from '../../base/random';
import { WayFailed } from '../dtp/rendezvous';
import { addFacts, FtpError, type ErrorFacts } from '../protocol/errors';
import type { Listening } from '../relay/transferBetween';
import { copyDirectly, noteTrouble } from './copyDirect';
import { haveEqualSizes, lookAtSource, lookAtTarget, type CopySource } from './copyLook';
import type { CopyEnd, CopyParts } from './copyParts';
import { copyRelayed } from './copyRelayed';
import { discard, refusesName, settle, temporaryPath } from './copyTarget';
import { copyByServer, copyInPieces } from './copyWithin';
import type { CopyOptions } from './ftpSession';
import type { Link } from './link';
import { kindOf } from './kindOf';
import { setModified } from './setAttributes';
import { giveUpDeflatedUploads } from './wantedParameters';

/** What was learned of copies from one session to another, as long as both live. */
export interface PairMemory {
  /** Who listened when it worked. */
  listening?: Listening;
  /** Why the servers do not exchange files directly. */
  relay?: string;
  /** The target does not rename, or takes no temporary name. */
  plain?: boolean;
}

export interface Copied {
  readonly route: 'direct' | 'relay';
  readonly size: number | undefined;
  readonly sizesEqual: boolean;
}

/** One copy, while the turns of both sessions are held. */
export class FileCopy {
  private about: CopySource = { size: undefined, modified: undefined };
  private existed = false;

  constructor(
    private readonly source: CopyEnd,
    private readonly target: CopyEnd,
    /** One session is both. */
    private readonly within: boolean,
    private readonly memory: PairMemory,
    private readonly random: Random,
    private readonly options: CopyOptions,
  ) {}

  async run(): Promise<Copied> {
    const { source, target } = this;
    [this.about, this.existed] = await both(
      source.perform((link) => lookAtSource(link, source.path)),
      target.perform((link) => lookAtTarget(link, target.path)),
    );
    if (this.within && source.path === target.path) {
      return { route: 'direct', size: this.about.size, sizesEqual: true };
    }
    const copied = this.memory.plain ? undefined : await this.underTemporaryName();
    return copied ?? this.underFinalName();
  }

  /** Undefined when the target takes no such name, or does not rename. */
  private async underTemporaryName(): Promise<Copied | undefined> {
    const { target } = this;
    const temporary = temporaryPath(target.path, this.random);
    let naming = false;
    try {
      const copied = await this.into(temporary);
      naming = true;
      if (await this.rename(temporary)) return copied;
    } catch (error) {
      await this.remove(temporary);
      if (!refusesName(error)) throw this.failure(error, temporary, naming ? 'unknown' : 'unchanged');
      return this.withoutTemporaryName();
    }
    await this.remove(temporary);
    return this.withoutTemporaryName();
  }

  private withoutTemporaryName(): undefined {
    this.memory.plain = true;
    noteTrouble(this.parts, `${this.target.name} does not rename copies; written under the final name`);
    return undefined;
  }

  /** A connection that is lost between RNTO and its reply does not tell what became of it: then one looks. */
  private async rename(temporary: string): Promise<boolean> {
    const { perform, path } = this.target;
    const attempt = (existed: boolean): Promise<boolean> =>
      perform((link) => settle(link, temporary, path, existed));
    try {
      return await attempt(this.existed);
    } catch {
      const kind = await perform((link) => kindOf(link, temporary));
      return kind === 'absent' || attempt(this.existed);
    }
  }

  private async underFinalName(): Promise<Copied> {
    const { path } = this.target;
    try {
      return await this.into(path);
    } catch (error) {
      const untouched = error instanceof FtpError && error.facts.effect === 'unchanged';
      const whole = untouched || (!this.existed && (await this.remove(path)));
      throw this.failure(error, path, whole ? 'unchanged' : 'changed');
    }
  }

  private async into(path: string): Promise<Copied> {
    try {
      return await this.once(path);
    } catch (error) {
      if (this.options.signal?.aborted || !(await this.gaveUpDeflate())) throw error;
      return this.once(path);
    }
  }

  /** See save.ts: what some servers make of an upload in MODE Z. */
  private gaveUpDeflate(): Promise<boolean> {
    return this.target.perform((link) => Promise.resolve(giveUpDeflatedUploads(link))).catch(() => false);
  }

  private async once(path: string): Promise<Copied> {
    const route = await (this.within ? this.moveWithin(path) : this.move(path));
    const sizesEqual = await this.target.perform((link) => this.complete(link, path));
    return { route, size: this.about.size, sizesEqual };
  }

  private async moveWithin(path: string): Promise<Copied['route']> {
    const { route } = this.options;
    if (route !== 'relay') {
      const copied = await this.target.perform((link) => copyByServer(this.parts, path, link));
      if (copied) return 'direct';
      if (route === 'direct') throw notDirect('the server does not copy by itself');
    }
    await copyInPieces(this.parts, path);
    return 'relay';
  }

  private async move(path: string): Promise<Copied['route']> {
    const { memory, parts } = this;
    const { route = 'relay' } = this.options;
    if (route === 'direct' || (route === 'auto' && memory.relay === undefined)) {
      const direct = await copyDirectly(parts, path, memory.listening);
      if (direct.kind === 'failed') throw direct.error;
      if (direct.kind === 'copied') {
        memory.listening = direct.roles.listening;
        return this.movedDirectly();
      }
      memory.relay = direct.reason;
      if (route === 'direct') throw notDirect(direct.reason);
    }
    if (route === 'auto') noteTrouble(parts, `relayed through this computer: ${memory.relay ?? ''}`);
    await copyRelayed(parts, path);
    return 'relay';
  }

  /** Bytes that nobody counted here. */
  private movedDirectly(): 'direct' {
    const { size } = this.about;
    if (size !== undefined) this.options.onProgress?.(size, size);
    return 'direct';
  }

  /** Before the copy gets its name: its time, and whether all of it is there. */
  private async complete(link: Link, path: string): Promise<boolean> {
    const { modified } = this.about;
    if (modified !== undefined) {
      await setModified(link, path, modified).catch((error: unknown) => {
        if (link.control.loss) throw error;
      });
    }
    return haveEqualSizes(link, path, this.about, this.target.name);
  }

  private get parts(): CopyParts {
    const { source, target, about, options } = this;
    return { source: { ...source, size: about.size }, target, onProgress: options.onProgress };
  }

  private async remove(path: string): Promise<boolean> {
    const { target } = this;
    const gone = await target.perform((link) => discard(link, path)).catch(() => false);
    if (!gone) target.note(`the partial copy ${path} could not be removed`);
    return gone;
  }

  /** About the path that was asked for, whatever name the copy had meanwhile. */
  private failure(cause: unknown, into: string, effect: NonNullable<ErrorFacts['effect']>): unknown {
    const error = cause instanceof WayFailed ? cause.error : cause;
    if (!(error instanceof FtpError)) return error;
    const path = error.facts.path === into ? this.target.path : error.facts.path;
    return addFacts(error, { effect, ...(path !== undefined && { path }) });
  }
}

/** Both go on to their end, whatever becomes of the other: no command is left in flight. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

function notDirect(reason: string): FtpError {
  const facts = { command: 'server to server', said: reason };
  return new FtpError('not-supported', `Not copied directly: ${reason}.`, { facts });
}
