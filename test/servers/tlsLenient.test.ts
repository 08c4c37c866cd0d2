import { describeMatrix } from './tlsMatrix';

describe('TLS with other servers', () => describeMatrix(['pure-ftpd', 'pyftpdlib', 'reference']));
