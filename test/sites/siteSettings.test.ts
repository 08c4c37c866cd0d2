import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  connectionOptions,
  findSite,
  parsePortRange,
  parseSites,
  type ConnectionDefaults,
  type KnownTls,
} from '../../src/sites/siteSettings';

describe('parseSites', () => {
  it('reads every field that is served', () => {
    const { sites, faults } = parseSites([
      {
        name: 'shop',
        host: 'FTP.example.com',
        port: 2121,
        user: 'web',
        path: '/www/',
        dataConnection: 'active',
        encoding: 'windows-1252',
        activeAddress: '203.0.113.9',
        activePorts: '50000-50100',
        passiveAddress: 'trust',
        security: 'none',
      },
    ]);
    assert.deepEqual(faults, []);
    assert.deepEqual(sites, [
      {
        name: 'shop',
        host: 'ftp.example.com',
        port: 2121,
        user: 'web',
        path: '/www',
        dataConnection: 'active',
        encoding: 'windows-1252',
        activeAddress: '203.0.113.9',
        activePorts: { first: 50000, last: 50100 },
        trustPassiveAddress: true,
        security: 'none',
      },
    ]);
  });

  it('needs a host and nothing else', () => {
    assert.deepEqual(parseSites([{ host: '[2001:db8::1]' }]).sites, [
      { name: '2001:db8::1', host: '2001:db8::1', port: 21, path: '/' },
    ]);
  });

  const refused: [unknown, string][] = [
    [{ name: 'x' }, 'host is missing'],
    [{ host: ' ' }, 'host is missing'],
    [null, 'it is no object'],
    ['ftp.example.com', 'it is no object'],
    [[], 'it is no object'],
    [{ host: 7 }, 'host must be a text of one line'],
    [{ host: 'h', user: 'a\r\nDELE x' }, 'user must be a text of one line'],
    [{ host: 'ftp://h/' }, 'host "ftp://h/" is no host name or address'],
    [{ host: 'h', port: '21' }, 'port must be a number from 1 to 65535'],
    [{ host: 'h', port: 65536 }, 'port must be a number from 1 to 65535'],
    [
      { host: 'h', dataConnection: 'sideways' },
      'dataConnection must be one of auto, passive, active, default-port',
    ],
    [{ host: 'h', mode: 'fast' }, 'mode must be one of stream, block, compressed, deflate'],
    [{ host: 'h', dialect: 'rfc114' }, 'dialect must be one of rfc959, rfc2428, rfc478, rfc438'],
    [{ host: 'h', activePorts: '9-1' }, 'activePorts must be ports such as 50000-50100'],
    [{ host: 'h', passiveAddress: true }, 'passiveAddress must be one of peer, trust'],
    [{ host: 'h', security: 'ssl' }, 'security must be one of auto, explicit, implicit, none'],
    [{ host: 'h', tls: 'yes' }, 'tls must be an object'],
    [{ host: 'h', tls: { verify: false } }, 'tls.verify is not known'],
    [{ host: 'h', tls: { minVersion: 'TLSv1' } }, 'tls.minVersion must be one of TLSv1.2, TLSv1.3'],
    [{ host: 'h', tls: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' } }, 'tls allows no version'],
    [{ host: 'h', tls: { authorities: ['a', ''] } }, 'tls.authorities must be a list of files'],
    [
      { host: 'h', tls: { clientCertificate: { certificate: 'a' } } },
      'tls.clientCertificate must name the files certificate and key',
    ],
    [{ host: 'h', tls: { data: 'none' } }, 'tls.data must be one of private, clear'],
    [{ host: 'h', tls: { clearCommands: 'no' } }, 'tls.clearCommands must be true or false'],
  ];
  for (const [entry, fault] of refused) {
    it(`ignores an entry: ${fault}`, () => {
      const { sites, faults } = parseSites([{ host: 'good' }, entry]);
      assert.deepEqual(
        sites.map(({ name }) => name),
        ['good'],
      );
      assert.deepEqual(faults, [`Entry 2 of portside.sites is ignored: ${fault}.`]);
    });
  }

  it('wants every server and every name once', () => {
    const { sites, faults } = parseSites([
      { host: 'h', user: 'a' },
      { host: 'H', user: 'a', name: 'again' },
      { host: 'h', user: 'b' },
      { host: 'h', user: 'b', name: 'other' },
    ]);
    assert.deepEqual(
      sites.map(({ name }) => name),
      ['h', 'other'],
    );
    assert.deepEqual(faults, [
      'Entry 2 of portside.sites is ignored: an earlier entry has the same host, port and user.',
      'Entry 3 of portside.sites is ignored: the name h is used twice.',
    ]);
  });

  it('takes anything for a value without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { sites, faults } = parseSites(value);
        const entries = Array.isArray(value) ? value.length : 1;
        assert.equal(sites.length + faults.length, entries);
      }),
    );
  });
});

describe('the security of a site', () => {
  const tls = {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    authorities: ['/etc/own.pem'],
    clientCertificate: { certificate: '~/web.pem', key: '~/web.key' },
    data: 'clear',
    clearCommands: true,
  };
  const site = (more: object) => parseSites([{ host: 'h', ...more }]).sites[0];
  const at = { host: 'h', port: 21 };
  const defaults: ConnectionDefaults = {
    dataConnection: 'auto',
    timeout: 1,
    warm: true,
    encoding: 'auto',
    security: 'auto',
    minVersion: 'TLSv1.3',
    authorities: [],
  };
  const security = (more: object, known?: KnownTls, general: Partial<ConnectionDefaults> = {}) =>
    connectionOptions(at, site(more), { ...defaults, ...general }, known).security;

  it('is read with all that belongs to it', () => {
    assert.deepEqual(site({ security: 'explicit', tls }), {
      name: 'h',
      host: 'h',
      port: 21,
      path: '/',
      security: 'explicit',
      tls,
    });
  });

  it('puts implicit TLS on its own port unless another is named', () => {
    assert.equal(site({ security: 'implicit' })?.port, 990);
    assert.equal(site({ security: 'implicit', port: 2121 })?.port, 2121);
    assert.equal(site({ security: 'explicit' })?.port, 21);
  });

  it('goes before what a person wished once, and that before the general setting', () => {
    const wished: KnownTls = { hadTls: false, wanted: 'implicit' };
    assert.equal(security({ security: 'none' }, wished), 'none');
    assert.equal(security({ security: 'explicit' }, wished), 'explicit');
    assert.equal(security({ security: 'auto' }, wished), 'implicit');
    assert.equal(security({}, wished, { security: 'none' }), 'implicit');
    assert.equal(security({}, undefined, { security: 'explicit' }), 'explicit');
    assert.equal(security({ security: 'auto' }, undefined, { security: 'none' }), 'auto');
  });

  it('insists on TLS that was seen, and lets a site allow an older version', () => {
    const options = connectionOptions(at, site({}), defaults, { hadTls: true });
    assert.deepEqual(options.tls, { required: true, minVersion: 'TLSv1.3' });
    const old = connectionOptions(at, site({ tls: { maxVersion: 'TLSv1.2', data: 'clear' } }), defaults);
    assert.deepEqual(old.tls, {
      required: false,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      data: 'clear',
    });
  });
});

describe('findSite', () => {
  const { sites } = parseSites([
    { host: 'h', user: 'web', name: 'a' },
    { host: 'h', name: 'b' },
  ]);

  it('matches by host, port and user', () => {
    assert.equal(findSite(sites, { host: 'h', port: 21, user: 'web' })?.name, 'a');
    assert.equal(findSite(sites, { host: 'h', port: 21 })?.name, 'b');
    assert.equal(findSite(sites, { host: 'h', port: 2121 }), undefined);
  });
});

describe('connectionOptions', () => {
  const defaults: ConnectionDefaults = {
    dataConnection: 'passive',
    activeAddress: '192.0.2.1',
    timeout: 15_000,
    warm: false,
    encoding: 'auto',
    security: 'auto',
    minVersion: 'TLSv1.2',
    authorities: [],
  };

  it('uses the general settings where the site says nothing', () => {
    assert.deepEqual(connectionOptions({ host: 'h', port: 21 }, undefined, defaults), {
      host: 'h',
      port: 21,
      security: 'auto',
      tls: { required: false, minVersion: 'TLSv1.2' },
      dataConnection: 'passive',
      encoding: 'auto',
      active: { address: '192.0.2.1' },
      trustPassiveAddress: false,
      timeouts: { connect: 15_000, reply: 15_000 },
      warm: false,
    });
  });

  it('lets the site decide', () => {
    const address = { host: 'h', port: 21, user: 'web' };
    const site = {
      ...address,
      name: 'x',
      path: '/',
      dataConnection: 'active',
      activePorts: { first: 1, last: 2 },
      mode: 'block',
      dialect: 'rfc478',
      encoding: 'gbk',
    } as const;
    const options = connectionOptions(address, site, defaults);
    assert.equal(options.user, 'web');
    assert.equal(options.dataConnection, 'active');
    assert.equal(options.encoding, 'gbk');
    assert.equal(options.mode, 'block');
    assert.equal(options.dialect, 'rfc478');
    assert.deepEqual(options.active, { address: '192.0.2.1', ports: { first: 1, last: 2 } });
  });
});

describe('parsePortRange', () => {
  it('reads ranges and single ports, and nothing else', () => {
    assert.deepEqual(parsePortRange('50000-50100'), { first: 50000, last: 50100 });
    assert.deepEqual(parsePortRange(' 50000 '), { first: 50000, last: 50000 });
    for (const value of ['', '0', '1-', '65536', '2-1', 'a', 50000, undefined]) {
      assert.equal(parsePortRange(value), undefined, String(value));
    }
  });
});
