/** The layer table of docs/architecture.md, as rules. A folder may import itself and what is listed. */
const HOUSE = ['twin', 'gis', 'sim', 'plant', 'edge', 'server', 'client', 'bin', 'test'];
const MAY = {
  twin: [],
  gis: ['twin'],
  sim: ['twin', 'gis'],
  plant: ['twin', 'gis', 'sim'],
  edge: ['twin'],
  server: ['twin', 'gis', 'sim'],
  client: ['twin', 'gis', 'sim'],
};

const layers = Object.entries(MAY).map(([folder, allowed]) => ({
  name: `layer-${folder}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: `^(${HOUSE.filter((f) => f !== folder && !allowed.includes(f)).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'pure-folders-have-no-io',
      severity: 'error',
      comment: 'twin, sim and gis (but gis/io) run in a browser as well: no Node module, no I/O',
      from: { path: '^(twin|sim|gis)/', pathNot: '^gis/io/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'gis-io-stays-outside',
      severity: 'error',
      from: { path: '^(sim|client)/' },
      to: { path: '^gis/io/' },
    },
    {
      name: 'gis-pure-does-not-read-files',
      severity: 'error',
      from: { path: '^gis/', pathNot: '^gis/io/' },
      to: { path: '^gis/io/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'a cycle that a type closes is gone at run time',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?(worker|url|raw)|^geojson$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // its parser reads no JSX: test/house/layers.test.ts checks components
    exclude: { path: '^(dist|data)/|\\.tsx$' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
};
