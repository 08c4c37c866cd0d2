/** A promise that is settled from outside. Settling it twice changes nothing. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (reason: Error) => void;
  private done = false;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = (value) => {
        this.done = true;
        resolve(value);
      };
      this.reject = (reason) => {
        this.done = true;
        reject(reason);
      };
    });
    // Whoever awaits the promise sees the rejection; nobody awaiting it is no error of the process.
    this.promise.catch(() => undefined);
  }

  get settled(): boolean {
    return this.done;
  }
}
