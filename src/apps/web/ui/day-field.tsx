// Turns a day that is typed or picked into its ISO date.
import type { ReactElement } from "react";

import { Field, type FieldProps } from "./field.tsx";

/** A field for a day; empty for none. */
export function DayField(props: FieldProps): ReactElement {
  return (
    <Field label={props.label} isNarrow>
      {(id) => (
        <input
          id={id}
          className="input"
          type="date"
          value={props.value}
          onChange={({ target }) => {
            props.onChange(target.value);
          }}
        />
      )}
    </Field>
  );
}
