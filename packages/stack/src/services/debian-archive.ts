import { execFile } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** After this, the list of what the archive has is fetched anew before it is used. */
const listsLastMilliseconds = 24 * 60 * 60 * 1000;
const attempts = 3;
const waitBetweenAttemptsMilliseconds = 2_000;
const commandTimeoutMilliseconds = 600_000;
const outputLimitBytes = 16 * 1024 * 1024;

export interface Download {
  /** A folder for apt's own state, kept from one download to the next. */
  state: string;
  /** An empty or missing folder for the packages. */
  into: string;
  name: string;
  packages: string[];
}

interface PlannedPackage {
  name: string;
  version: string;
  bytes: number;
}

interface Plan {
  /** What apt is asked for. */
  chosen: string[];
  /** What it will fetch for that. */
  packages: PlannedPackage[];
}

/**
 * Downloads packages and what they need beyond what is installed here, as `apt-get` would, but with a state of its own,
 * so that neither root nor the machine's package lists are needed. Signatures and checksums are apt's to check.
 *
 * @returns the paths of the .deb files
 */
export const downloadPackages = async ({ state, into, name, packages }: Download): Promise<string[]> => {
  const apt = await prepareApt(state, into);
  const unpinned = packages.map((item) => item.split('=')[0] ?? item);
  let refreshed = false;
  const refresh = async (): Promise<void> => {
    if (refreshed) return;
    refreshed = true;
    await updateLists(state, apt);
  };
  if (!(await isFresh(state))) await refresh();

  const plan = async (chosen: string[]): Promise<Plan> => ({
    chosen,
    packages: parsePlan(await apt(...install, '--print-uris', ...chosen)),
  });
  /** The pinned versions; failing that, with fresh lists; failing that, whatever the archive has. */
  const choose = async (): Promise<Plan> => {
    const pinned = await plan(packages).catch(() => undefined);
    if (pinned) return pinned;
    await refresh();
    return plan(packages)
      .catch(() => plan(unpinned))
      .catch((cause: unknown) => {
        const remedy =
          'see what apt says below; a machine with half-installed packages needs `apt-get --fix-broken install` first';
        throw new Error(`Debian's archive offers no ${name} that fits this machine: ${remedy}. ${String(cause)}`, {
          cause,
        });
      });
  };
  let choice = await choose();
  announce(name, choice, packages);
  await persistently(`${name} could not be fetched from Debian`, async () => {
    try {
      await apt(...install, '--download-only', ...choice.chosen);
    } catch (error) {
      await refresh(); // a mirror drops a version as soon as the next one is out
      choice = await choose();
      throw error;
    }
  });
  return (await readdir(into)).filter((file) => file.endsWith('.deb')).map((file) => join(into, file));
};

/** `--reinstall`: what is installed here already is wanted too, so that every machine runs the same programs. */
const install = ['install', '-y', '-qq', '--reinstall', '--no-install-recommends', '--allow-downgrades'];

const announce = (name: string, { chosen, packages }: Plan, wanted: string[]): void => {
  const main = wanted[0]?.split('=')[0];
  const version = packages.find((item) => item.name === main)?.version ?? '';
  if (chosen !== wanted) {
    const pins = wanted.filter((item) => item.includes('='));
    process.stderr.write(`Debian no longer has ${pins.join(', ')}; taking ${version} instead.\n`);
  }
  const megabytes = packages.reduce((sum, item) => sum + item.bytes, 0) / 1e6;
  const short = /^(?:\d+:)?([\d.]+\d)/.exec(version)?.[1] ?? version;
  process.stderr.write(`Fetching ${name} ${short} from Debian (${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB) …\n`);
};

type Apt = (...argv: string[]) => Promise<string>;

const prepareApt = async (state: string, into: string): Promise<Apt> => {
  for (const folder of [join(state, 'lists', 'partial'), join(into, 'partial')])
    await mkdir(folder, { recursive: true });
  const configuration = join(state, 'apt.conf');
  await writeFile(
    configuration,
    `#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::State "${state}";
Dir::State::lists "${join(state, 'lists')}";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "${state}";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Debug::NoLocking "true";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
`,
  );
  return (...argv) => run('apt-get', ['-c', configuration, '-o', `Dir::Cache::archives=${into}`, ...argv]);
};

/** One source that fails (some third party's) is no reason to stop while there are lists to go by. */
const updateLists = async (state: string, apt: Apt): Promise<void> => {
  try {
    await persistently("Debian's package lists could not be fetched", () =>
      apt('update', '-qq', '-o', 'APT::Update::Error-Mode=any'),
    );
    await writeFile(join(state, 'refreshed'), '');
  } catch (error) {
    if (!(await readdir(join(state, 'lists'))).some((file) => file.includes('_Packages'))) throw error;
  }
};

const isFresh = async (state: string): Promise<boolean> => {
  const refreshedAt = await stat(join(state, 'refreshed')).then(
    (file) => file.mtimeMs,
    () => 0,
  );
  return Date.now() - refreshedAt < listsLastMilliseconds;
};

/** Reads lines such as `'http://…/redis-tools_7.0.15_amd64.deb' redis-tools_5%3a7.0.15_amd64.deb 991988 MD5Sum:…`. */
const parsePlan = (uris: string): PlannedPackage[] =>
  uris.split('\n').flatMap((line) => {
    const [, name, version, bytes] = /^'[^']+' ([^_ ]+)_([^_ ]+)_\S+\.deb (\d+)/.exec(line) ?? [];
    return name && version ? [{ name, version: decodeURIComponent(version), bytes: Number(bytes) }] : [];
  });

const persistently = async (failure: string, act: () => Promise<unknown>): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await act();
      return;
    } catch (cause) {
      const remedy = "check the network and the machine's /etc/apt/sources.list, then try again";
      if (attempt === attempts)
        throw new Error(`${failure} in ${attempts} attempts; ${remedy}. ${String(cause)}`, { cause });
      await sleep(attempt * waitBetweenAttemptsMilliseconds);
    }
  }
};

/** Runs a program to its end and returns what it printed; its errors are in the Error's message. */
export const run = async (file: string, argv: string[], env: Record<string, string> = {}): Promise<string> => {
  const options = {
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive', ...env },
    timeout: commandTimeoutMilliseconds,
    maxBuffer: outputLimitBytes,
  };
  const { stdout } = await promisify(execFile)(file, argv, options);
  return stdout;
};
