import { spawnSync } from 'node:child_process';

/** The first of $ZDIST_PYTHON, python3 on the path and the system's python3 that imports the module, or undefined. */
export function findPython(module) {
  const candidates = [process.env.ZDIST_PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean);
  return candidates.find((python) => moduleVersion(python, module) !== undefined);
}

/** Version of a module as this Python imports it; undefined where it does not. */
export function moduleVersion(python, module) {
  const { status, stdout } = spawnSync(python, ['-c', `import ${module}; print(${module}.__version__)`]);
  return status === 0 ? stdout.toString().trim() : undefined;
}
