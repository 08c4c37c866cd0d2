interface UriParts {
  readonly scheme: string;
  readonly authority?: string;
  readonly path?: string;
  readonly query?: string;
  readonly fragment?: string;
}

/** `vscode.Uri`, as far as an `ftp:` or `file:` address needs it. */
export class Uri {
  readonly scheme: string;
  readonly authority: string;
  /** Decoded; empty when the address ends behind its authority. */
  readonly path: string;
  readonly query: string;
  readonly fragment: string;

  private constructor(parts: UriParts) {
    this.scheme = parts.scheme;
    this.authority = parts.authority ?? '';
    this.path = parts.path ?? '';
    this.query = parts.query ?? '';
    this.fragment = parts.fragment ?? '';
    if (this.authority !== '' && this.path !== '' && !this.path.startsWith('/')) {
      throw new Error('[UriError]: a path behind an authority begins with a slash');
    }
  }

  static from(parts: UriParts): Uri {
    return new Uri(parts);
  }

  static file(path: string): Uri {
    return new Uri({ scheme: 'file', path });
  }

  static parse(value: string): Uri {
    // The pattern of RFC 3986, appendix B.
    const match = /^([^:/?#]+):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(value);
    if (!match) throw new Error(`[UriError]: scheme is missing: ${value}`);
    const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = match;
    return new Uri({
      scheme,
      authority: decodeURIComponent(authority),
      path: decodeURIComponent(path),
      query: decodeURIComponent(query),
      fragment: decodeURIComponent(fragment),
    });
  }

  static joinPath(base: Uri, ...segments: string[]): Uri {
    const names: string[] = [];
    for (const name of [base.path, ...segments].join('/').split('/')) {
      if (name === '..') names.pop();
      else if (name !== '' && name !== '.') names.push(name);
    }
    return base.with({ path: `/${names.join('/')}` });
  }

  get fsPath(): string {
    return this.path;
  }

  with(change: Partial<UriParts>): Uri {
    return new Uri({ ...this.toJSON(), ...change });
  }

  toString(skipEncoding = false): string {
    const encode = skipEncoding ? (text: string) => text : encodePart;
    const query = this.query === '' ? '' : `?${encode(this.query)}`;
    const fragment = this.fragment === '' ? '' : `#${encode(this.fragment)}`;
    return `${this.scheme}://${encode(this.authority)}${encode(this.path)}${query}${fragment}`;
  }

  toJSON(): Required<UriParts> {
    const { scheme, authority, path, query, fragment } = this;
    return { scheme, authority, path, query, fragment };
  }
}

function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/%2F/g, '/').replace(/%40/g, '@').replace(/%3A/g, ':');
}
