import type { RunRow } from '../../../../src/lab/server/contract.js';
import { NOT_AUDITED } from './select.js';
import { table } from './state.js';

type FilterName = 'state' | 'regime' | 'data' | 'verdict';

const FILTERS: readonly { readonly name: FilterName; readonly label: string }[] = [
  { name: 'verdict', label: 'Verdict' },
  { name: 'state', label: 'State' },
  { name: 'regime', label: 'Regime' },
  { name: 'data', label: 'Data' },
];

const wordOf = (run: RunRow, name: FilterName): string => run[name] ?? NOT_AUDITED;

/** Search as one types, filters by what there is, one row a run or a row for all seeds. */
export const Filters = ({ all }: { readonly all: readonly RunRow[] }) => {
  const values = table.read();
  return (
    <search>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label class="search">
          <span>Search</span>
          <input
            type="search"
            value={values.q}
            placeholder="joint mnist seed 3"
            onInput={(event) => table.set({ q: event.currentTarget.value })}
          />
        </label>
        {FILTERS.map(({ name, label }) => {
          const options = [...new Set(all.map((run) => wordOf(run, name)))].sort();
          const known = values[name] === '' || options.includes(values[name]);
          return (
            <label key={name}>
              <span>{label}</span>
              <select value={values[name]} onChange={(event) => table.set({ [name]: event.currentTarget.value })}>
                <option value="">all</option>
                {!known && <option value={values[name]}>{values[name]}</option>}
                {options.map((option) => (
                  <option key={option} value={option}>
                    {option}
                  </option>
                ))}
              </select>
            </label>
          );
        })}
        <label class="switch">
          <input
            type="checkbox"
            checked={values.by === 'seeds'}
            onChange={(event) => table.set({ by: event.currentTarget.checked ? 'seeds' : 'run' })}
          />
          <span>Group by seed</span>
        </label>
      </form>
    </search>
  );
};
