/** Written into every model and run. */
export const VERSION = '0.1.0';
