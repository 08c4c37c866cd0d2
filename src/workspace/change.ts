/** Something happened to a path on a server. */
export interface Change {
  readonly kind: 'created' | 'changed' | 'deleted';
  readonly path: string;
}
