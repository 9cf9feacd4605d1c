// Turns names of columns and rows into a table that scrolls sideways where there is no room, with a name for screen readers.
import type { ReactElement, ReactNode } from "react";

/** A column's name; `left` where its cells hold words. */
export type Heading = string | { readonly left: string };

/** A table of the rows that stand in it. The first column is always to the left. */
export function DataTable(props: {
  /** What the part that scrolls is called. */
  readonly label: string;
  /** What the table is called; as the part that scrolls unless it says more. */
  readonly caption?: string;
  readonly columns: readonly Heading[];
  /** Classes of the part that scrolls, beside its own. */
  readonly className?: string;
  /** Rows. */
  readonly children: ReactNode;
}): ReactElement {
  const { label, caption = label, columns, className, children } = props;
  return (
    <TableFrame
      label={label}
      caption={caption}
      className={className}
      head={columns.map((column) => (
        <HeadCell key={typeof column === "string" ? column : column.left} column={column} />
      ))}
    >
      {children}
    </TableFrame>
  );
}

function HeadCell({ column }: { readonly column: Heading }): ReactElement {
  if (typeof column === "string") return <th scope="col">{column}</th>;
  return (
    <th scope="col" className="left">
      {column.left}
    </th>
  );
}

/** A table around any head cells and rows. */
export function TableFrame(props: {
  readonly label: string;
  readonly caption: string;
  readonly className?: string | undefined;
  readonly head: ReactNode;
  readonly children: ReactNode;
}): ReactElement {
  const { label, caption, className, head, children } = props;
  return (
    <div
      className={className === undefined ? "scroll" : `scroll ${className}`}
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <table className="table">
        <caption className="hidden-text">{caption}</caption>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
