// Turns what is typed into a filter, with a name that screen readers tell.
import { type ReactElement, useId } from "react";

/** A field to search in. */
export function SearchField(props: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="input"
        type="search"
        value={props.value}
        placeholder={props.placeholder}
        maxLength={64}
        onChange={({ target }) => {
          props.onChange(target.value);
        }}
      />
    </div>
  );
}

/** A field to choose from a few. */
export function ChoiceField(props: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        className="input"
        value={props.value}
        onChange={({ target }) => {
          props.onChange(target.value);
        }}
      >
        {props.choices.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
