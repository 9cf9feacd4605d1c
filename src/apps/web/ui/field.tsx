// Turns a control into a field under its label.
import { type ReactElement, type ReactNode, useId } from "react";

/** What every field has: its label, what stands in it, and who is told of a change. */
export type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** A label over a control, which gets the id that ties both. */
export function Field(props: {
  readonly label: string;
  readonly isNarrow?: boolean;
  readonly children: (id: string) => ReactNode;
}): ReactElement {
  const id = useId();
  return (
    <div className={props.isNarrow === true ? "field narrow" : "field"}>
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
    </div>
  );
}
