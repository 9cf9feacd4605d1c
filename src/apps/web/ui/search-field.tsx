// Turns what is typed into a filter, with a name that screen readers tell.
import type { ReactElement } from "react";

import { Field, type FieldProps } from "./field.tsx";

/** A field to search in. */
export function SearchField(props: FieldProps & { readonly placeholder?: string }): ReactElement {
  return (
    <Field label={props.label}>
      {(id) => (
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
      )}
    </Field>
  );
}

/** A field to choose from a few. */
export function ChoiceField(
  props: FieldProps & { readonly choices: readonly (readonly [string, string])[] },
): ReactElement {
  return (
    <Field label={props.label}>
      {(id) => (
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
      )}
    </Field>
  );
}
