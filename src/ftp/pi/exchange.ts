import { Deferred } from '../../base/deferred';
import type { Command } from '../protocol/command';
import type { FtpError } from '../protocol/errors';
import type { Reply } from '../protocol/reply';

/**
 * One command's slot in the reply ledger: what was sent, and the replies that belong to it. The ledger fills
 * it; whoever sent the command awaits `final`, and for a transfer `opening` first.
 */
export class Exchange {
  private readonly opened = new Deferred<Reply>();
  private readonly ended = new Deferred<Reply>();
  private state: 'waiting' | 'opened' | 'ended' = 'waiting';
  private first: Reply | undefined;
  private hasRepeated = false;
  private isBarren = (): boolean => false;
  private held = false;
  private due = false;
  private cut = false;
  private listing: ((line: Uint8Array) => void) | undefined;

  constructor(
    readonly command: Command,
    readonly operation: number | undefined,
    private readonly rearm: () => void,
  ) {}

  /** The first reply of any kind: a preliminary one (1xx), or the final one where none came before it. */
  get opening(): Promise<Reply> {
    return this.opened.promise;
  }

  /** The one final reply, of whatever class; rejects when the control connection is lost. */
  get final(): Promise<Reply> {
    return this.ended.promise;
  }

  get isEnded(): boolean {
    return this.state === 'ended';
  }

  /** A preliminary reply has come. */
  get isOpened(): boolean {
    return this.state === 'opened';
  }

  /** No deadline while data flow: they have one of their own. */
  get isHeld(): boolean {
    return this.held;
  }

  /** Data flow now; without effect once they have ended. */
  hold(): void {
    this.held = !this.due;
    this.rearm();
  }

  /** The data ended: from now on the final reply is due. */
  release(): void {
    this.due = true;
    this.held = false;
    this.rearm();
  }

  /** `isBarren`: whether the data connection has ended, by whatever hand, before its first byte. */
  watch(isBarren: () => boolean): void {
    this.isBarren = isBarren;
  }

  /** We closed the data connection early. */
  abandon(): void {
    this.cut = true;
    this.release();
  }

  /**
   * What a positive reply holds between its first line and its last goes there, line by line with their ends, and is no
   * part of the reply.
   */
  divert(take: (line: Uint8Array) => void): void {
    this.listing = take;
  }

  get isDiverted(): boolean {
    return this.listing !== undefined;
  }

  /** False: the line is part of the reply. */
  takeInside(line: Uint8Array, code: number): boolean {
    if (!this.listing || code < 200 || code >= 300) return false;
    this.listing(line);
    return true;
  }

  // 150 0.041 seconds (measured here), 150.00 Mbytes per second
  /** Pure-FTPd's last word on a transfer that the client cut short is a second preliminary reply. */
  get endsWithSecondPreliminary(): boolean {
    return this.state === 'opened' && (this.cut || this.isBarren());
  }

  // 110 MARK 1048576 = @mh4s
  /** Of markers there are as many as the sender likes (RFC 959 §3.5): such a reply begins and ends nothing. */
  handlePreliminary(reply: Reply): void {
    if (reply.code === 110) return;
    if (this.state === 'waiting') this.state = 'opened';
    this.hasRepeated = this.first !== undefined;
    this.first ??= reply;
    this.opened.resolve(reply);
  }

  /** On Pure-FTPd 150 is all that is said of what was cut before its first byte. False: this is no such case. */
  endWithoutWord(): boolean {
    if (!this.first || !(this.hasRepeated || this.endsWithSecondPreliminary)) return false;
    this.handleFinal(this.first);
    return true;
  }

  handleFinal(reply: Reply): void {
    this.state = 'ended';
    this.opened.resolve(reply);
    this.ended.resolve(reply);
  }

  fail(error: FtpError): void {
    this.state = 'ended';
    this.opened.reject(error);
    this.ended.reject(error);
  }
}
