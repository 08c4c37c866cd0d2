import type { ConnectOptions, WireEvent } from '../ftp/index';
import { implicitPort } from './siteUri';

/** 'tls': encrypted, or it is not sent at all. 'if-offered': nobody has asked the server yet. */
export type Encryption = 'tls' | 'clear' | 'if-offered';

/** Whether a password will cross the network encrypted: by the settings, else as it was the last time. */
export class PasswordWay {
  private last: Encryption = 'if-offered';

  take(event: WireEvent): void {
    if (event.kind !== 'state') return;
    // TCP stands, but TLS may still follow.
    if (event.state === 'signing-in') this.last = 'clear';
    if (event.state === 'secured') this.last = 'tls';
  }

  encryption({ security = 'auto', tls, port }: ConnectOptions): Encryption {
    if (security === 'none') return 'clear';
    if (security !== 'auto' || tls?.required || port === implicitPort) return 'tls';
    return this.last;
  }
}
