import { toDisposable, type Disposable } from '../../base/disposable';

export type NodeResource = 'connection' | 'listener' | 'timer';

/**
 * What nodeNetwork and nodeClock hold open. Leak checks read it, because
 * `process.getActiveResourcesInfo` does not show who opened a handle, nor those that were unref'd.
 */
export class NodeRegister {
  private readonly held = new Set<{ kind: NodeResource; what: string }>();

  /** Dispose when the resource is closed. */
  opened(kind: NodeResource, what: string): Disposable {
    const entry = { kind, what };
    this.held.add(entry);
    return toDisposable(() => this.held.delete(entry));
  }

  /** How many of `kind` are open. */
  count(kind: NodeResource): number {
    return this.list().filter((line) => line.startsWith(kind)).length;
  }

  /** One line each: the kind, and whom it connects or what it waits for. */
  list(): string[] {
    return [...this.held].map(({ kind, what }) => `${kind} ${what}`);
  }
}

/** The register of this process. */
export const nodeRegister = new NodeRegister();
