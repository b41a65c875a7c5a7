import { spawnSync } from 'node:child_process';

/** The first of $ZDIST_PYTHON, python3 on the path and the system's python3 that imports the module, or undefined. */
export function findPython(module) {
  const candidates = [process.env.ZDIST_PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean);
  return candidates.find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0);
}
