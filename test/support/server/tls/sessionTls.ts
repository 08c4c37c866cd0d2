import { constants, X509Certificate } from 'node:crypto';
import tls, { type SecureContext } from 'node:tls';
import { concatBytes } from '../../../../src/base/bytes';
import { NetError } from '../../../../src/ftp/net/network';
import { readClientHello, type ClientHello } from './clientHello';
import { TicketBook, type TicketTerms } from './ticketBook';
import { TlsConnection, type Handshake, type TlsHow } from './tlsConnection';
import { authority, credentials, type CertificateName, type TlsSettings } from './tlsSettings';
import type { Wire } from './wire';
import type { HandshakeFault } from './wireDuplex';

/** Told of the connection that speaks TLS before its handshake is done: from then on, it is the one to close. */
type Begun = (connection: TlsConnection) => void;

/**
 * TLS of one control connection and of its data connections. Tickets are sealed with keys of this control connection
 * alone: those of another one mean nothing here, as in daemons that have a process per session.
 */
export class SessionTls {
  private certificate: CertificateName;
  private context: SecureContext;
  private readonly book = new TicketBook();

  constructor(
    private readonly settings: TlsSettings,
    private readonly now: () => number,
  ) {
    this.certificate = settings.certificate;
    this.context = this.makeContext(this.certificate);
  }

  /** Both reject with a `NetError`. */
  async secureControl(wire: Wire, fault: HandshakeFault | undefined, begun: Begun): Promise<Handshake> {
    const { clientCertificate } = this.settings;
    if (fault === 'other-certificate') {
      this.certificate = otherThan(this.certificate);
      this.context = this.makeContext(this.certificate);
    }
    await readHello(wire);
    const how: TlsHow = { role: 'server', context: this.context, closeNotify: true };
    const asking: TlsHow = clientCertificate ? { ...how, clientCertificate } : how;
    this.book.begin({ first: true, accepts: () => false, renews: false, since: this.now });
    const handshake = await shake(wire, asking, fault, begun);
    if (clientCertificate === 'required') checkCertificate(handshake.certificate);
    return handshake;
  }

  async secureData(
    wire: Wire,
    role: 'server' | 'client',
    fault: HandshakeFault | undefined,
    begun: Begun,
  ): Promise<Handshake> {
    const hello = role === 'server' ? await readHello(wire) : undefined;
    const other = fault === 'other-certificate';
    const context = other ? this.makeContext(otherThan(this.certificate)) : this.context;
    const closeNotify = this.settings.closeNotify ?? true;
    this.book.begin(this.termsFor(hello, fault));
    return shake(wire, { role, context, closeNotify }, fault, begun);
  }

  private termsFor(hello: ClientHello | undefined, fault: HandshakeFault | undefined): TicketTerms {
    const { requireReuse, sessionAge = Infinity, singleUse, tickets, renewsSession } = this.settings;
    const forgets = tickets === false || fault === 'other-certificate' || fault === 'forgotten-session';
    const fresh = hello?.ticket !== undefined;
    return {
      first: false,
      accepts: ({ since, own, used }) => {
        const again = used && singleUse === true && fresh;
        return !forgets && !again && this.now() - since <= sessionAge && (own || !requireReuse);
      },
      renews: fresh,
      since: (resumed) => (renewsSession ? this.now() : (resumed ?? this.now())),
    };
  }

  private makeContext(name: CertificateName): SecureContext {
    const context = makeContext(this.settings, name);
    this.book.serve(context);
    return context;
  }
}

function shake(wire: Wire, how: TlsHow, fault: HandshakeFault | undefined, begun: Begun): Promise<Handshake> {
  const connection = new TlsConnection(wire, fault ? { ...how, fault } : how);
  begun(connection);
  return connection.handshake;
}

/** Looks at the first message of a TLS client, and leaves it to who receives next. */
function readHello(wire: Wire): Promise<ClientHello | undefined> {
  return new Promise((resolve, reject) => {
    let read: Uint8Array = new Uint8Array();
    wire.receive({
      data: (bytes) => {
        read = concatBytes([read, bytes]);
        const hello = readClientHello(read);
        if (hello === 'more') return;
        wire.hold(read);
        resolve(hello);
      },
      end: () =>
        reject(new NetError('handshake-failed', 'handshake', 'The peer closed before a ClientHello.')),
      fault: reject,
    });
  });
}

function makeContext(settings: TlsSettings, name: CertificateName): SecureContext {
  const { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3', tickets } = settings;
  return tls.createSecureContext({
    ...credentials(name),
    minVersion,
    maxVersion,
    // Without one, OpenSSL resumes no session of a client that was asked for a certificate.
    sessionIdContext: 'reference server',
    ...(tickets === false && { secureOptions: constants.SSL_OP_NO_TICKET }),
  });
}

function otherThan(name: CertificateName): CertificateName {
  return name === 'changed' ? 'selfSigned' : 'changed';
}

function checkCertificate(certificate: Uint8Array | undefined): void {
  const issuer = new X509Certificate(authority());
  if (certificate && new X509Certificate(certificate).verify(issuer.publicKey)) return;
  throw new NetError('certificate-refused', 'handshake', 'Nobody we trust vouches for the client.');
}
