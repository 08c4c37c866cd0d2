/** Guards a switch over a sum type: a forgotten variant is an error of the compiler. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected variant: ${JSON.stringify(value)}`);
}
