import { promises as disk } from 'node:fs';
import { dirname, join } from 'node:path';
import { png } from './png';

/** Writes the site that demonstrations and tests look at: the same bytes and times on every run. */
export async function createSampleSite(folder: string): Promise<void> {
  await disk.mkdir(folder, { recursive: true });
  const files = [...pages(), ...articles(), ...assets(), ...oddNames(), ...nested()];
  for (const [index, file] of files.entries()) await put(folder, file, index);
  for (const [name, target] of Object.entries(links)) {
    await disk.symlink(target, join(folder, name));
    await disk.lutimes(join(folder, name), FIRST_DAY, FIRST_DAY);
  }
  for (const name of await foldersIn(folder)) await disk.utimes(name, FIRST_DAY, FIRST_DAY);
}

interface SampleFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly mode?: number;
}

const links = { 'home.html': 'index.html', latest: 'articles/2024' };

/** Seconds since 1970 of 3 March 2023, 09:00 UTC. */
const FIRST_DAY = 1_677_834_000;
/** A little over three days: a few hundred files cover about three years, so LIST shows both its date forms. */
const STEP = 3.37 * 86_400;

async function put(folder: string, { path, content, mode }: SampleFile, index: number): Promise<void> {
  const name = join(folder, path);
  await disk.mkdir(dirname(name), { recursive: true });
  await disk.writeFile(name, content);
  if (mode !== undefined) await disk.chmod(name, mode);
  const time = Math.floor(FIRST_DAY + index * STEP);
  await disk.utimes(name, time, time);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await disk.readdir(folder, { withFileTypes: true, recursive: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return folders.map((entry) => join(entry.parentPath, entry.name)).sort();
}

function pages(): SampleFile[] {
  return [
    {
      path: 'index.html',
      content: page(
        'Harbour Museum',
        '<p>Open from ten to five. <a href="articles/2024/01.html">News</a></p>',
      ),
    },
    { path: 'about.html', content: page('About us', '<p>A small museum of ships and ropes.</p>') },
    {
      path: 'visit.php',
      content: "<?php\ndate_default_timezone_set('UTC');\necho 'Today is ' . date('l');\n",
    },
    { path: 'robots.txt', content: 'User-agent: *\nDisallow: /private/\n' },
    { path: 'README.md', content: '# Harbour Museum\n\nThe files of the web site.\n' },
    {
      path: 'site.json',
      content: `${JSON.stringify({ name: 'Harbour Museum', pages: 132 }, undefined, 2)}\n`,
    },
    { path: '.htaccess', content: 'Options -Indexes\nErrorDocument 404 /404.html\n' },
    { path: '404.html', content: page('Not found', '<p>Nothing is moored here.</p>') },
    { path: 'empty.txt', content: '' },
    { path: 'private/readonly.txt', content: 'Nobody writes here.\n', mode: 0o444 },
    { path: 'cgi-bin/count.sh', content: '#!/bin/sh\necho Content-Type: text/plain\n', mode: 0o755 },
    { path: 'logs/access.log', content: accessLog() },
  ];
}

function articles(): SampleFile[] {
  return [2022, 2023, 2024].flatMap((year) =>
    numbered(40).map((number) => ({
      path: `articles/${year}/${number}.html`,
      content: page(`News ${number} of ${year}`, paragraph(year + Number(number))),
    })),
  );
}

function assets(): SampleFile[] {
  return [
    { path: 'css/site.css', content: 'body {\n  font: 16px/1.5 serif;\n  margin: 2rem;\n}\n' },
    { path: 'css/print.css', content: 'nav {\n  display: none;\n}\n' },
    ...numbered(24).map((number) => ({ path: `images/photo-${number}.png`, content: photo(Number(number)) })),
    ...numbered(24).map((number) => ({ path: `images/icon-${number}.svg`, content: icon(Number(number)) })),
    ...numbered(60).map((number) => ({
      path: `data/ships/${number}.json`,
      content: `${JSON.stringify({ ship: Number(number), masts: (Number(number) % 4) + 1 })}\n`,
    })),
    ...numbered(60).map((number) => ({
      path: `notes/${number}.md`,
      content: `# Note ${number}\n\n${paragraph(Number(number))}\n`,
    })),
  ];
}

/** Names that break careless clients. */
function oddNames(): SampleFile[] {
  const names = [
    'with blank.txt',
    ' leading blank.txt',
    'trailing blank ',
    'hash#sign.txt',
    'per%20cent.txt',
    '100%.txt',
    'Grüße.txt',
    '日本語.md',
    'a -> b.txt',
    'quote".txt',
    "apostrophe's.txt",
    '[brackets] & (more).txt',
    'semi;colon=.txt',
    '-dash.txt',
    'total 7',
  ];
  return names.map((name) => ({ path: `odd names/${name}`, content: `The name of this file is: ${name}\n` }));
}

function nested(): SampleFile[] {
  const path = 'deep/down/there/where/the/anchor/lies';
  return path.split('/').map((_, index, parts) => ({
    path: `${parts.slice(0, index + 1).join('/')}/depth.txt`,
    content: `${index + 1}\n`,
  }));
}

function page(title: string, body: string): string {
  const head = `<meta charset="utf-8">\n<title>${title}</title>\n<link rel="stylesheet" href="/css/site.css">`;
  return `<!DOCTYPE html>\n<html lang="en">\n${head}\n<h1>${title}</h1>\n${body}\n</html>\n`;
}

const words =
  'anchor bell capstan deck ebb fathom gull harbour island jetty keel lantern mast north oar'.split(' ');

function paragraph(seed: number): string {
  const chosen = Array.from(
    { length: 40 + (seed % 50) },
    (_, index) => words[(seed * 7 + index * 11) % words.length],
  );
  return `<p>${chosen.join(' ')}.</p>`;
}

function photo(number: number): Uint8Array {
  return png(16, [(number * 37) % 256, (number * 91) % 256, (number * 53) % 256]);
}

function icon(number: number): string {
  const points = `2,14 8,${number % 12} 14,14`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><polygon points="${points}"/></svg>\n`;
}

/** About 1.5 MB of text. */
function accessLog(): string {
  const lines: string[] = [];
  for (let index = 0; lines.length < 22_000; index++) {
    const minute = String(index % 60).padStart(2, '0');
    lines.push(`192.0.2.${index % 254} - - [03/Mar/2023:09:${minute}:00 +0000] "GET /articles/${index}" 200`);
  }
  return `${lines.join('\n')}\n`;
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(2, '0'));
}
