import { login, playAll } from './dialogue';

const siteCopy = { settings: { siteCopy: true } };

/** ProFTPD's mod_copy: a copy on the server, without a data connection. */
describe('reference server, SITE COPY', () => {
  playAll([
    {
      title: 'copies a file',
      dialogue: `${login}
        C: SITE CPFR a.txt
        S: 350 Ready for SITE CPTO.
        C: SITE CPTO docs/b.txt
        S: 250 Copied.
        C: TYPE I
        S: 200 Type set to I.
        C: SIZE docs/b.txt
        S: 213 8
        C: SIZE a.txt
        S: 213 8
        C: SITE CPTO again.txt
        S: 503 SITE CPFR first.`,
      options: { settings: { siteCopy: true, chunkSize: 3 } },
    },
    {
      title: 'says what went wrong',
      dialogue: `${login}
        C: SITE CPTO b.txt
        S: 503 SITE CPFR first.
        C: SITE CPFR missing
        S: 550 missing: No such file or directory.
        C: SITE CPFR docs
        S: 350 Ready for SITE CPTO.
        C: SITE CPTO docs2
        S: 550 docs2: Is a directory.
        C: SITE CPFR a.txt
        S: 350 Ready for SITE CPTO.
        C: SITE CPTO missing/b.txt
        S: 550 missing/b.txt: No such file or directory.`,
      options: siteCopy,
    },
    {
      title: 'is not there unless asked for',
      dialogue: `${login}
        C: SITE CPFR a.txt
        S: 500 SITE CPFR not understood.
        C: SITE CPTO b.txt
        S: 500 SITE CPTO not understood.`,
    },
    {
      title: 'is one of the features',
      dialogue: `${login}
        C: FEAT
        S: 211-Features
        S:  EPRT
        S:  EPSV
        S:  MDTM
        S:  MFMT
        S:  MLST type*;size*;modify*;perm*;unix.mode*;
        S:  MODE Z
        S:  REST STREAM
        S:  SIZE
        S:  TVFS
        S:  UTF8
        S:  SITE COPY
        S: 211 End`,
      options: siteCopy,
    },
  ]);
});
