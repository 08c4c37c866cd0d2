import { constants, X509Certificate } from 'node:crypto';
import tls, { type SecureContext } from 'node:tls';
import { concatBytes } from '../../../../src/base/bytes';
import { NetError } from '../../../../src/ftp/net/network';
import { readClientHello, type ClientHello } from './clientHello';
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
  /** When the session that tickets lead back to was made, or made young again; milliseconds. */
  private since = 0;
  private readonly used = new Set<string>();

  constructor(
    private readonly settings: TlsSettings,
    private readonly now: () => number,
  ) {
    this.certificate = settings.certificate;
    this.context = makeContext(settings, this.certificate);
  }

  /** Both reject with a `NetError`. */
  async secureControl(wire: Wire, fault: HandshakeFault | undefined, begun: Begun): Promise<Handshake> {
    const { clientCertificate } = this.settings;
    if (fault === 'other-certificate') {
      this.certificate = otherThan(this.certificate);
      this.context = makeContext(this.settings, this.certificate);
    }
    await readHello(wire);
    const how: TlsHow = { role: 'server', context: this.context, closeNotify: true };
    const asking: TlsHow = clientCertificate ? { ...how, clientCertificate } : how;
    const handshake = await shake(wire, asking, fault, begun);
    if (clientCertificate === 'required') checkCertificate(handshake.certificate);
    this.since = this.now();
    return handshake;
  }

  async secureData(
    wire: Wire,
    role: 'server' | 'client',
    fault: HandshakeFault | undefined,
    begun: Begun,
  ): Promise<Handshake> {
    const hello = role === 'server' ? await readHello(wire) : undefined;
    const context = role === 'server' ? this.contextFor(hello, fault) : this.context;
    const closeNotify = this.settings.closeNotify ?? true;
    const handshake = await shake(wire, { role, context, closeNotify }, fault, begun);
    if (handshake.resumed && this.settings.renewsSession) this.since = this.now();
    return handshake;
  }

  /** The keys that open its ticket, or others: then the handshake is a whole one, and nothing is resumed. */
  private contextFor(hello: ClientHello | undefined, fault: HandshakeFault | undefined): SecureContext {
    if (fault === 'other-certificate') return makeContext(this.settings, otherThan(this.certificate));
    const { sessionAge = Infinity, singleUse, tickets } = this.settings;
    const ticket = hello?.ticket;
    const again = ticket !== undefined && this.used.has(ticket);
    if (ticket !== undefined) this.used.add(ticket);
    const tooOld = this.now() - this.since > sessionAge;
    const forgotten = fault === 'forgotten-session' || tickets === false || tooOld || (again && singleUse);
    return forgotten ? makeContext(this.settings, this.certificate) : this.context;
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

/** Each has keys for tickets of its own. */
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
