import { isWithin } from './remotePath';

/** A request that is under way. */
export interface Request {
  /** We changed on the server what it asks for: its answer is not to be kept. */
  outdated: boolean;
}

/** Requests under way by path: who asks for the same thing at the same time gets the same answer. */
export class SharedRequests<T> {
  private readonly running = new Map<string, { request: Request; promise: Promise<T> }>();

  has(path: string): boolean {
    return this.running.has(path);
  }

  /** Joins the request for `path`, or makes it. `ask` looks at `outdated` when it has its answer. */
  share(path: string, ask: (request: Readonly<Request>) => Promise<T>): Promise<T> {
    const running = this.running.get(path);
    if (running) return running.promise;
    const request = { outdated: false };
    const promise = ask(request).finally(() => {
      if (!request.outdated) this.running.delete(path);
    });
    this.running.set(path, { request, promise });
    return promise;
  }

  /** The next who asks starts anew. */
  outdate(path: string): void {
    const running = this.running.get(path);
    if (running) running.request.outdated = true;
    this.running.delete(path);
  }

  /** The same for `path` and everything below it. */
  outdateTree(path: string): void {
    for (const below of [...this.running.keys()]) if (isWithin(below, path)) this.outdate(below);
  }
}
