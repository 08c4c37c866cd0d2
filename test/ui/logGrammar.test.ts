import assert from 'node:assert/strict';
import grammar from '../../media/portside-log.tmLanguage.json';

interface Pattern {
  readonly match: string;
  readonly captures: Readonly<Record<string, { readonly name: string }>>;
}

/** The text of a line by the scope it gets, without the suffix; columns other than text as well. */
function scopesOf(line: string): [string, string][] {
  for (const { match, captures } of grammar.patterns as unknown as Pattern[]) {
    const found = new RegExp(match).exec(line);
    if (!found) continue;
    return Object.entries(captures).flatMap(([group, { name }]) => {
      const text = found[Number(group)];
      return text ? [[name.replaceAll('.portside-log', ''), text.trim()] as [string, string]] : [];
    });
  }
  return [];
}

describe('the grammar of the protocol log', () => {
  const begin = '14:02:07.113         shop   #1   ';
  const lines: [string, [string, string][]][] = [
    [`${begin}[ List /www`, [['markup.bold.operation', '[ List /www']]],
    [
      `${begin}] Listed /www, 12 entries, 0.148 s`,
      [['markup.bold.operation', '] Listed /www, 12 entries, 0.148 s']],
    ],
    [`${begin}> EPSV`, [['keyword.control.command', 'EPSV']]],
    [
      `${begin}> STOR /www/a b`,
      [
        ['keyword.control.command', 'STOR'],
        ['string.unquoted.path', '/www/a b'],
      ],
    ],
    [
      `${begin}> PASS ******`,
      [
        ['keyword.control.command', 'PASS'],
        ['constant.language.masked', '******'],
      ],
    ],
    [`${begin}< 150 Opening`, [['constant.numeric.reply.preliminary', '150']]],
    [`${begin}< 226 Done`, [['markup.inserted.reply', '226']]],
    [`${begin}< 211-Features:`, [['markup.inserted.reply', '211']]],
    [`${begin}< 331 Password`, [['entity.name.function.reply.intermediate', '331']]],
    [`${begin}< 421 Timeout`, [['markup.deleted.reply.transient', '421']]],
    [`${begin}< 550 No`, [['invalid.reply.permanent token.error-token', '550']]],
    [`${begin}<  MLST size*;`, []],
    [
      `${begin}= open, passive`,
      [
        ['support.type.data', '='],
        ['support.type.data', 'open, passive'],
      ],
    ],
    [
      `${begin}~ TLS 1.3, TLS_AES_256_GCM_SHA384, certificate ftp.example.com, trusted by the system`,
      [
        ['variable.other.state', '~'],
        [
          'variable.other.state',
          'TLS 1.3, TLS_AES_256_GCM_SHA384, certificate ftp.example.com, trusted by the system',
        ],
      ],
    ],
    [
      `${begin}! tls-certificate-changed: another certificate than the one that is pinned`,
      [
        ['token.error-token', '!'],
        ['entity.name.function.error', 'tls-certificate-changed'],
        ['token.error-token', ': another certificate than the one that is pinned'],
      ],
    ],
    [
      `${begin}~ signed in`,
      [
        ['variable.other.state', '~'],
        ['variable.other.state', 'signed in'],
      ],
    ],
    [
      `${begin}! not-found: /x is not there`,
      [
        ['token.error-token', '!'],
        ['entity.name.function.error', 'not-found'],
        ['token.error-token', ': /x is not there'],
      ],
    ],
    [
      `${begin}! passive refused by reply 502`,
      [
        ['token.error-token', '!'],
        ['token.error-token', 'passive refused by reply 502'],
      ],
    ],
  ];
  for (const [line, scopes] of lines) {
    it(`colours ${line.slice(begin.length)}`, () => {
      const columns = scopesOf(line);
      assert.deepEqual(columns.slice(0, 3), [
        ['comment.line.time', '14:02:07.113'],
        ['entity.name.type.server', 'shop'],
        ['comment.line.time', '#1'],
      ]);
      assert.deepEqual(columns.slice(3), scopes);
    });
  }

  const gaps: [string, string][] = [
    [' +0.048', 'comment.line.time'],
    [' +1.000', 'constant.numeric.gap.slow'],
    ['+52.543', 'constant.numeric.gap.slow'],
    [' +2m09s', 'constant.numeric.gap.slow'],
    [' +1h40m', 'constant.numeric.gap.slow'],
  ];
  for (const [gap, scope] of gaps) {
    it(`colours the gap ${gap.trim()}`, () => {
      assert.deepEqual(scopesOf(`14:02:07.113 ${gap} my shop -    > NOOP`).slice(0, 4), [
        ['comment.line.time', '14:02:07.113'],
        [scope, gap.trim()],
        ['entity.name.type.server', 'my shop'],
        ['comment.line.time', '-'],
      ]);
    });
  }
});
