import type { Clock } from '../base/clock';
import { FtpError, type Entry, type FtpErrorCode, type FtpSession, type ListOptions } from '../ftp';
import { changeOf, linkKind, merge, type Known } from './known';
import type { Change } from './change';
import { compareListings, isMissing, listingOf, setName, type Listing } from './listing';
import { ListingStore } from './listingStore';
import { pathError } from './refusal';
import { isDirectory, tellsExactly } from './remoteEntry';
import { directoriesAbove, nameOf, parentOf, rootPath } from './remotePath';
import { SharedRequests, type Request } from './sharedRequests';

/**
 * How old an answer may be when somebody looks again: a directory that is read, a file that was looked at
 * before, a name that was not there. Long enough for the bursts in which VS Code asks.
 */
export const revalidateAfter = 2_000;

/**
 * How old a listing may be for what seldom matters: that a directory exists, a file nobody looked at yet
 * (opening it reads it anyway, and from then on it counts as looked at), and that a dot name is absent: VS
 * Code and its extensions probe for `.vscode/*`, `.git`, `.editorconfig` all the time. Twice the poller's
 * interval, so that no directory which is polled gets there.
 */
export const listingLife = 30_000;

/** What the cache needs of a session. */
export type DirectoryReader = Pick<FtpSession, 'list' | 'stat'>;

/**
 * What is known of one server's files. A listing answers for every name in it *and for every name that is
 * not*: VS Code asks for dozens of absent files when it opens a folder, and they cost nothing. Who asks for
 * the same thing at the same time shares one command.
 */
export class DirectoryCache {
  private readonly listings = new ListingStore();
  private readonly relistings = new SharedRequests<Listing>();
  private readonly askings = new SharedRequests<Entry | undefined>();
  /** What we did in a directory while it was being listed: the answer may not show it. */
  private readonly meanwhile = new Map<string, Map<string, Known | undefined>>();
  /** How often something changed that links may lead to. */
  private linkEra = 0;

  /**
   * @param roots the directories that are opened as workspace folders: each is listed itself, as its parent
   *   may be forbidden
   * @param noticed is told what others did on the server, whenever an answer shows it
   */
  constructor(
    private readonly reader: DirectoryReader,
    private readonly clock: Clock,
    private readonly roots: () => readonly string[],
    private readonly noticed: (changes: readonly Change[]) => void,
  ) {}

  /** What is in a directory, links with what they lead to. Rejects with 'not-found' and the like. */
  async readDirectory(path: string): Promise<Entry[]> {
    let listing = this.listings.get(path);
    if (!listing || this.age(listing) > revalidateAfter) {
      if (this.peek(path)?.type === 'file') throw pathError('not-a-directory', path);
      if (await this.isNothing([...directoriesAbove(path), path], listingLife)) {
        throw pathError('not-found', path);
      }
      listing = await this.relist(path, listingLife);
    }
    this.listings.touch(path);
    if (listing.failure) throw listing.failure;
    return [...listing.names.values()].map((known) => known.entry);
  }

  /** Size and time as of now: what VS Code holds against them to see a conflict. Rejects with 'not-found'. */
  async stat(path: string): Promise<Entry> {
    const known = await this.lookUp(path, listingLife);
    if (!known) throw pathError('not-found', path);
    if (this.answersStat(path, known)) {
      this.replace(path, { ...known, seen: true });
      return known.entry;
    }
    const entry = await this.ask(path);
    if (!entry) throw pathError('not-found', path);
    return entry;
  }

  /** Whether the name is there, and of what type; size and time may be missing. `maxAge` in milliseconds. */
  async find(path: string, maxAge = listingLife): Promise<Entry | undefined> {
    return (await this.lookUp(path, maxAge))?.entry;
  }

  /** What is known without asking, however old. */
  peek(path: string): Entry | undefined {
    return this.listings.get(parentOf(path))?.names.get(nameOf(path))?.entry;
  }

  /** We wrote a file. Its time is the server's secret until somebody asks. */
  wrote(path: string, size: number): void {
    const old = this.peek(path);
    if (!old) this.linkEra++;
    const entry = old?.type === 'symlink' ? old : ({ name: nameOf(path), type: 'file', size } as const);
    this.own(path, { entry, seen: true });
  }

  made(directory: string): void {
    this.dropTree(directory);
    this.own(directory, { entry: { name: nameOf(directory), type: 'directory' }, seen: false });
  }

  removed(path: string): void {
    this.dropTree(path);
    this.own(path, undefined);
  }

  renamed(from: string, to: string): void {
    const entry = this.peek(from);
    this.removed(from);
    this.removed(to);
    if (entry) this.own(to, { entry: { ...entry, name: nameOf(to) }, seen: true });
    else this.forget(to);
  }

  /** We read a file: whoever asks for it next wants to know whether it changed since. */
  read(path: string): void {
    const known = this.listings.get(parentOf(path))?.names.get(nameOf(path));
    if (known) this.replace(path, { ...known, seen: true });
  }

  /** Something went wrong with `path`: believe nothing about it until the server tells again. */
  forget(path: string): void {
    const parent = parentOf(path);
    const listing = this.listings.get(parent);
    if (listing) listing.at = -Infinity;
    this.relistings.outdate(parent);
    this.dropTree(path);
  }

  /** The control connection is another one: time has passed in which nobody looked. */
  expire(): void {
    this.linkEra++;
    this.listings.expire();
  }

  /** Directories that were looked at lately, the last one first. */
  recent(count: number): string[] {
    return this.listings.recent(count);
  }

  /** For the poller: lists again what is at least so old. */
  async revalidateDirectory(path: string, age: number): Promise<void> {
    const listing = this.listings.get(path);
    if (listing && this.age(listing) >= age) await this.relist(path);
  }

  /** For the poller: asks again for one file. */
  async revalidateFile(path: string): Promise<void> {
    await this.ask(path);
  }

  private async lookUp(path: string, maxAge: number): Promise<Known | undefined> {
    if (this.isTop(path)) {
      const listing = await this.listingOfTop(path);
      if (!listing.failure) return { entry: { name: nameOf(path), type: 'directory' }, seen: false };
      if (!isMissing(listing)) throw listing.failure;
      if (path === rootPath) return undefined;
    }
    if (await this.isNothing(directoriesAbove(path), maxAge)) return undefined;
    const listing = await this.tellingListing(path, maxAge);
    this.listings.touch(parentOf(path));
    if (listing.failure && !isMissing(listing)) return this.askUnlisted(path);
    return listing.names.get(nameOf(path));
  }

  private isTop(path: string): boolean {
    return path === rootPath || this.roots().includes(path);
  }

  private listingOfTop(path: string): Listing | Promise<Listing> {
    const listing = this.listings.get(path);
    return listing && this.age(listing) <= listingLife ? listing : this.relist(path);
  }

  /** Whether one of these directories is known to be absent: then there is nothing to ask. */
  private async isNothing(directories: readonly string[], maxAge: number): Promise<boolean> {
    for (const directory of directories) {
      if (!this.isTop(directory) && (await this.isKnownAbsent(directory, maxAge))) return true;
    }
    return false;
  }

  /** Costs a listing only where it will be needed anyway: of a workspace folder, or instead of an old one. */
  private async isKnownAbsent(directory: string, maxAge: number): Promise<boolean> {
    const parent = parentOf(directory);
    const known = this.listings.get(parent);
    if (!known && !this.relistings.has(parent) && !this.roots().includes(parent)) return false;
    if (known?.names.has(nameOf(directory))) return known.names.get(nameOf(directory))?.entry.type === 'file';
    const listing = await this.tellingListing(directory, maxAge);
    return isMissing(listing) || (!listing.failure && !listing.names.has(nameOf(directory)));
  }

  /** The parent's listing, fresh enough to tell of `path`. */
  private async tellingListing(path: string, maxAge: number): Promise<Listing> {
    const listing = this.listings.get(parentOf(path));
    const life = listing && this.lifeFor(listing, nameOf(path));
    if (listing && this.age(listing) <= Math.min(life ?? 0, maxAge)) return listing;
    return this.relist(parentOf(path));
  }

  private lifeFor(listing: Listing, name: string): number {
    // Of a directory that is missing nothing is known for long: another listing may show that it is there.
    if (isMissing(listing)) return revalidateAfter;
    const present = listing.names.has(name) || listing.failure;
    return present || name.startsWith('.') ? listingLife : revalidateAfter;
  }

  private answersStat(path: string, known: Known): boolean {
    if (isDirectory(known.entry)) return true;
    if (known.askedAt !== undefined) return this.clock.now() - known.askedAt <= revalidateAfter;
    const listing = this.listings.get(parentOf(path));
    if (!listing || known.entry !== known.listed || !tellsExactly(known.entry)) return false;
    return this.age(listing) <= (known.seen ? revalidateAfter : listingLife);
  }

  private async askUnlisted(path: string): Promise<Known | undefined> {
    const known = this.listings.get(parentOf(path))?.names.get(nameOf(path));
    if (known && this.answersStat(path, known)) return known;
    const entry = await this.ask(path);
    return entry && { entry, askedAt: this.clock.now(), seen: true };
  }

  /** `linksLife`: how old may be what is known of where links lead. */
  private relist(directory: string, linksLife = Infinity): Promise<Listing> {
    return this.relistings.share(directory, (request) => this.listRemote(directory, linksLife, request));
  }

  private async listRemote(
    directory: string,
    linksLife: number,
    request: Readonly<Request>,
  ): Promise<Listing> {
    const ownChanges = new Map<string, Known | undefined>();
    this.meanwhile.set(directory, ownChanges);
    try {
      const { links, ...options } = this.linksKnown(directory, linksLife);
      const outcome = await this.listOrFailure(directory, options);
      const before = this.listings.get(directory);
      const listing = listingOf(outcome, { at: this.clock.now(), links }, before);
      for (const [name, known] of ownChanges) setName(listing, name, known);
      if (!request.outdated) this.keep(directory, listing, before);
      return listing;
    } finally {
      if (this.meanwhile.get(directory) === ownChanges) this.meanwhile.delete(directory);
    }
  }

  /** Where links lead changes seldom, and asking costs two commands for each. */
  private linksKnown(directory: string, life: number): Pick<Listing, 'links'> & ListOptions {
    const { linkEra: era, clock } = this;
    const listing = this.listings.get(directory);
    const { links } = listing ?? {};
    if (!listing || links?.era !== era || clock.now() - links.at > life) {
      return { links: { at: clock.now(), era } };
    }
    return { links, linkKind: (link) => linkKind(link, listing.names.get(link.name)) };
  }

  private async listOrFailure(directory: string, options: ListOptions): Promise<Entry[] | FtpError> {
    try {
      return await this.reader.list(directory, options);
    } catch (error) {
      if (FtpError.is(error) && answersToList.has(error.code)) return error;
      throw error;
    }
  }

  private keep(directory: string, listing: Listing, before: Listing | undefined): void {
    this.listings.set(directory, listing);
    if (!before) return;
    const changes = compareListings(directory, before, listing);
    for (const { kind, path } of changes) {
      if (kind === 'deleted' && path !== directory) this.listings.deleteTree(path);
    }
    this.tell(changes);
  }

  private ask(path: string): Promise<Entry | undefined> {
    return this.askings.share(path, async (request) => {
      const told = await this.statOrNothing(path);
      return request.outdated ? told : this.learn(path, told);
    });
  }

  private async statOrNothing(path: string): Promise<Entry | undefined> {
    try {
      return await this.reader.stat(path);
    } catch (error) {
      if (FtpError.is(error, 'not-found')) return undefined;
      throw error;
    }
  }

  /** Adds the answer about one name to the listing that it belongs to. */
  private learn(path: string, told: Entry | undefined): Entry | undefined {
    const listing = this.listings.get(parentOf(path));
    const old = listing?.names.get(nameOf(path));
    const entry = merge(nameOf(path), old?.entry, told);
    const changed = listing && !listing.failure ? changeOf(path, old, entry) : undefined;
    const listed = changed ? undefined : old?.listed;
    const known = { ...(listed && { listed }), askedAt: this.clock.now(), seen: true };
    if (listing) setName(listing, nameOf(path), entry && { entry, ...known });
    if (changed) this.tell([changed]);
    return entry;
  }

  private tell(changes: readonly Change[]): void {
    if (changes.some(({ kind }) => kind !== 'changed')) this.linkEra++;
    if (changes.length > 0) this.noticed(changes);
  }

  private own(path: string, known: Known | undefined): void {
    this.replace(path, known);
    this.meanwhile.get(parentOf(path))?.set(nameOf(path), known);
    this.askings.outdate(path);
  }

  private dropTree(path: string): void {
    this.linkEra++;
    this.listings.deleteTree(path);
    this.relistings.outdateTree(path);
    this.askings.outdateTree(path);
  }

  private replace(path: string, known: Known | undefined): void {
    // The root is in no directory, though its parent is the root itself.
    if (path === rootPath) return;
    const listing = this.listings.get(parentOf(path));
    if (listing) setName(listing, nameOf(path), known);
  }

  private age(listing: Listing): number {
    return this.clock.now() - listing.at;
  }
}

/** Answers of a server to LIST, as against trouble on the way. */
const answersToList: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>([
  'not-found',
  'not-a-directory',
  'no-permission',
  'name-refused',
  'name-unsendable',
  'not-supported',
]);
