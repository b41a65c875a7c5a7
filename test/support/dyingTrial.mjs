/** A process that a model crashes as soon as it is loaded. */
process.on('message', () => process.kill(process.pid, 'SIGSEGV'));
