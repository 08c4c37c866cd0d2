import { describeMatrix } from './tlsMatrix';

// Servers that by default refuse data connections which do not resume the control connection's TLS session.
describe('TLS with strict servers', () => describeMatrix(['vsftpd', 'proftpd']));
