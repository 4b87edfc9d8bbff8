import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { downloadPackages, run } from './debian-archive.ts';

/**
 * The Debian packages that the tools and tests take programs from. The versions are the ones that everything here
 * was tried with; when the archive has moved on, its current version is taken instead and a line says so.
 */
export const debianPackages = {
  Redis: ['redis-server=5:7.0.15-1~deb12u10', 'redis-tools=5:7.0.15-1~deb12u10'],
  Ceph: [
    'radosgw=16.2.15+ds-0+deb12u2',
    'ceph-mon=16.2.15+ds-0+deb12u2',
    'ceph-osd=16.2.15+ds-0+deb12u2',
    'ceph-base=16.2.15+ds-0+deb12u2',
  ],
  Chromium: ['chromium=156.0.8078.108-1~deb12u1', 'chromium-common=156.0.8078.108-1~deb12u1', 'fonts-liberation'],
};

/** How long one process waits for another that is fetching the same tools. */
const lockWaitSeconds = 900;

export interface DebianTools {
  /** The folder that stands for `/` of the unpacked packages. */
  root: string;
  /** Add these to a program's environment: PATH, LD_LIBRARY_PATH and FONTCONFIG_FILE. */
  env: Record<string, string>;
  /** The absolute path of a program, such as `redis-server`. */
  bin(name: string): string;
  /** The absolute path of a library folder, such as `rados-classes`, in the machine's own architecture. */
  lib(name: string): string;
}

/**
 * Programs out of Debian packages, without root and without installing anything: packages and whatever they need that
 * this machine lacks are downloaded (signatures checked by apt) and unpacked into the user's cache folder, once.
 * Any number of processes may ask at the same time.
 *
 * @param name what people call it, such as `Redis`; names the cache folder and the progress line
 * @param packages `name` or `name=version`, the main one first
 * @param otherwise the remedy offered on machines without Debian's tools
 * @throws Error with the remedy, when this is no Debian or the archive cannot be reached
 */
export const debianTools = async (name: string, packages: string[], otherwise?: string): Promise<DebianTools> => {
  const release = await debianRelease(name, otherwise);
  const cache = join(cacheFolder(), release);
  const key = createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 12);
  const root = join(cache, `${name.toLowerCase()}-${key}`);
  if (!existsSync(root)) {
    await mkdir(cache, { recursive: true }).catch((cause: unknown) => {
      throw new Error(
        `The cache folder ${cache} cannot be made; set XDG_CACHE_HOME to a folder that you can write to.`,
        { cause },
      );
    });
    const unlock = await lock(join(cache, 'lock'), name);
    try {
      if (!existsSync(root)) await unpackInto(root, cache, name, packages);
    } finally {
      unlock();
    }
  }
  return toolsIn(root);
};

const debianRelease = async (name: string, otherwise: string | undefined): Promise<string> => {
  const missing = ['apt-get', 'dpkg', 'flock'].filter((tool) => !onPath(tool));
  if (process.platform !== 'linux' || missing.length > 0) {
    const why = process.platform === 'linux' ? `${missing.join(', ')} not found` : process.platform;
    throw new Error(
      `${name} is taken from Debian's packages, and this machine is no Debian (${why}). ${otherwise ?? 'Run this on Debian 12.'}`,
    );
  }
  const described = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (key: string): string => new RegExp(`^${key}="?([\\w.-]+)`, 'm').exec(described)?.[1] ?? 'unknown';
  return `${field('ID')}-${field('VERSION_ID')}-${process.arch}`;
};

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

const cacheFolder = (): string => {
  const chosen = process.env['XDG_CACHE_HOME'];
  return join(chosen && isAbsolute(chosen) ? chosen : join(homedir(), '.cache'), 'invoicepress', 'debian');
};

/** An advisory lock that the kernel takes back when this process dies: `flock` holds it while its stdin is open. */
const lock = async (file: string, name: string): Promise<() => void> => {
  const holder = spawn('flock', ['--wait', String(lockWaitSeconds), file, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject);
    holder.once('exit', () =>
      reject(new Error(`Another process has been fetching ${name} for ${lockWaitSeconds} s; end it, then try again.`)),
    );
    holder.stdout.once('data', () => resolve());
  });
  return () => holder.stdin.end();
};

/** Unpacks beside `root` and renames at the end, so that a folder which exists is complete. */
const unpackInto = async (root: string, cache: string, name: string, packages: string[]): Promise<void> => {
  const partial = `${root}.partial`;
  const downloads = join(partial, 'downloads');
  const unpacked = join(partial, 'root');
  await rm(partial, { recursive: true, force: true });
  await mkdir(unpacked, { recursive: true });
  try {
    const archives = await downloadPackages({ state: join(cache, 'apt'), into: downloads, name, packages });
    for (const archive of archives) await run('dpkg', ['-x', archive, unpacked]);
    // Nothing here has a use for set-user-id programs, and a cache is no place for them.
    await run('find', [unpacked, '-type', 'f', '-perm', '/6000', '-exec', 'chmod', 'ug-s', '{}', '+']);
    await writeFile(join(unpacked, 'fonts.conf'), fontConfiguration(root, join(cache, 'fontconfig')));
    await rename(unpacked, root);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
};

/** Lets a program find the unpacked fonts as well as the machine's own. */
const fontConfiguration = (root: string, cache: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${root}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${cache}</cachedir>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
</fontconfig>
`;

const toolsIn = (root: string): DebianTools => {
  const libraries = libraryFolders(root);
  const programs = ['usr/bin', 'usr/sbin', 'bin', 'sbin']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder));
  const find = (kind: string, name: string, candidates: string[]): string => {
    const found = candidates.find((candidate) => existsSync(candidate));
    if (!found) throw new Error(`There is no ${kind} "${name}" in ${root}; delete that folder, then try again.`);
    return found;
  };
  return {
    root,
    env: {
      PATH: [...programs, process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter),
      LD_LIBRARY_PATH: [...libraries, ...(process.env['LD_LIBRARY_PATH']?.split(delimiter) ?? [])].join(delimiter),
      FONTCONFIG_FILE: join(root, 'fonts.conf'),
    },
    // Debian's `chromium` is a script that expects to be installed; the program proper lies under usr/lib.
    bin: (name) =>
      find('program', name, [join(root, 'usr/lib', name, name), ...programs.map((folder) => join(folder, name))]),
    lib: (name) =>
      find(
        'library folder',
        name,
        libraries.map((folder) => join(folder, name)),
      ),
  };
};

/** Every folder with shared libraries: those of the architecture, and their private ones (`ceph`, `pulseaudio`). */
const libraryFolders = (root: string): string[] => {
  const subfolders = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(folder, entry.name))
      : [];
  const architecture = ['usr/lib', 'lib']
    .flatMap((folder) => subfolders(join(root, folder)))
    .filter((folder) => folder.includes('-linux-gnu'));
  const holdsLibraries = (folder: string): boolean => readdirSync(folder).some((file) => /^lib.*\.so/.test(file));
  return [...architecture, ...architecture.flatMap(subfolders)].filter(holdsLibraries);
};
