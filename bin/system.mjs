// What the tests need and npm does not have: a browser, a font with Chinese, a broker, a database, GDAL.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { BESIDE, fail, run, say } from './prepare.mjs';

const POSTGRES = '/usr/lib/postgresql';
const NEEDS = [
  {
    what: 'a browser (Chromium)',
    there: () => Boolean(process.env.CHROMIUM) || onPath('chromium'),
    packages: ['chromium'],
  },
  { what: 'a font with Chinese characters', there: hasChineseFont, packages: ['fonts-noto-cjk'] },
  { what: 'an MQTT broker (mosquitto)', there: () => onPath('mosquitto'), packages: ['mosquitto'] },
  { what: 'PostgreSQL with PostGIS', there: hasPostgis, packages: ['postgresql', 'postgresql-postgis'] },
  { what: 'GDAL tools (ogr2ogr)', there: () => onPath('ogr2ogr'), packages: ['gdal-bin'] },
];

/** Installs what is missing on Debian as root; elsewhere says exactly what to install and exits. */
export function bringSystemPackages() {
  const missing = NEEDS.filter((need) => !need.there());
  if (missing.length === 0) return;
  const names = missing.map(({ what }) => what).join(', ');
  const packages = missing.flatMap((need) => need.packages);
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    fail(
      `The tests need ${names}.\nOn Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}\nElsewhere: install them and set CHROMIUM to the browser's path.`,
    );
  }
  say(`Installing for the tests: ${names}…`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], quiet, BESIDE);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet, BESIDE);
}

function onPath(command) {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return places.some((folder) => folder && existsSync(`${folder}/${command}`));
}

function hasChineseFont() {
  return /\S/.test(spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' }).stdout ?? '');
}

function hasPostgis() {
  if (!existsSync(POSTGRES)) return false;
  return readdirSync(POSTGRES).some((version) => {
    const control = `/usr/share/postgresql/${version}/extension/postgis.control`;
    return existsSync(`${POSTGRES}/${version}/bin/initdb`) && existsSync(control);
  });
}
