// Turns a day that is typed or picked into its ISO date.
import { type ReactElement, useId } from "react";

/** A field for a day; empty for none. */
export function DayField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const id = useId();
  return (
    <div className="field narrow">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="input"
        type="date"
        value={props.value}
        onChange={({ target }) => {
          props.onChange(target.value);
        }}
      />
    </div>
  );
}
