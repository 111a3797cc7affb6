// What every command needs before TypeScript can run. No dependencies: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const LEAST_NODE = [20, 19];

/** Installs packages when the lock file changed, builds the client when its sources did. Exits with the reason. */
export async function prepare({ client }) {
  checkNode();
  install();
  if (client) buildClient();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  fail(`Node ${process.versions.node} is too old: ${LEAST_NODE.join('.')} or newer is needed.`);
}

function install() {
  const mark = join(root, 'node_modules', '.installed');
  const wanted = hashOf([join(root, 'package-lock.json')]);
  if (readIfThere(mark) === wanted) return;
  say('Installing packages (npm ci)…');
  // the browser for tests comes from the system, never by an install step
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { PUPPETEER_SKIP_DOWNLOAD: '1' }, BESIDE);
  writeFileSync(mark, wanted);
}

function buildClient() {
  const mark = join(root, 'dist', 'client', '.built');
  const sources = ['client', 'twin', 'gis', 'sim'].flatMap((folder) => filesBelow(join(root, folder)));
  const wanted = hashOf([...sources, join(root, 'vite.config.ts'), join(root, 'package-lock.json')]);
  if (readIfThere(mark) === wanted) return;
  say('Building the client…');
  run(
    process.execPath,
    [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
    {},
    BESIDE,
  );
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, wanted);
}

/** What is done before a command's own work is told beside its output, which programs read. */
export const BESIDE = 2;

/** Runs to its end and passes its output on, to standard output unless told otherwise; a failure ends this process with its code. */
export function run(command, args, env = {}, output = 'inherit') {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', output, 'inherit'],
    env: { ...process.env, ...env },
  });
  if (error) fail(`${command} could not be run: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

export function say(text) {
  process.stderr.write(`${text}\n`);
}

export function fail(reason) {
  say(reason);
  process.exit(1);
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
    );
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    if (statSync(file).isFile()) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
