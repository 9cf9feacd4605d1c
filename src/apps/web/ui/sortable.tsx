// Turns rows and descriptions of columns into a table that sorts by any column and says by which it does.
import { type ReactElement, type ReactNode, useState } from "react";

import { TableFrame } from "./data-table.tsx";

/** A column: what it shows of a row, and by what it sorts; undefined goes last. */
export type Column<Row> = {
  readonly name: string;
  readonly title?: string;
  readonly cell: (row: Row) => ReactNode;
  readonly order: (row: Row) => number | string | undefined;
  readonly isText?: boolean;
};

type Sorting = { readonly column: number; readonly isDescending: boolean };

/** A table that begins sorted by the column `first`, largest first unless it is text. */
export function SortableTable<Row>(props: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly first: number;
}): ReactElement {
  const { columns, rows, keyOf, caption } = props;
  const [sorting, setSorting] = useState<Sorting>({
    column: props.first,
    isDescending: columns[props.first]?.isText !== true,
  });
  const sorted = sortRows(rows, columns[sorting.column], sorting.isDescending);
  return (
    <TableFrame
      label={caption}
      caption={caption}
      className="long"
      head={columns.map((column, place) => (
        <HeadCell key={column.name} column={column} place={place} sorting={sorting} onSort={setSorting} />
      ))}
    >
      {sorted.map((row) => (
        <tr key={keyOf(row)}>
          {columns.map((column) => (
            <td key={column.name} className={column.isText === true ? "left" : undefined}>
              {column.cell(row)}
            </td>
          ))}
        </tr>
      ))}
    </TableFrame>
  );
}

function HeadCell<Row>(props: {
  readonly column: Column<Row>;
  readonly place: number;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}): ReactElement {
  const { column, place, sorting, onSort } = props;
  const isCurrent = sorting.column === place;
  const direction = sorting.isDescending ? "descending" : "ascending";
  const sort = (): void => {
    onSort({ column: place, isDescending: isCurrent ? !sorting.isDescending : column.isText !== true });
  };
  return (
    <th scope="col" className={column.isText === true ? "left" : undefined} aria-sort={isCurrent ? direction : "none"}>
      <button type="button" className="sort" onClick={sort} title={column.title}>
        {column.name}
        <span aria-hidden="true">{isCurrent ? (sorting.isDescending ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

/** The rows in order; those without a value come last in both directions. */
export function sortRows<Row>(rows: readonly Row[], column: Column<Row> | undefined, isDescending: boolean): Row[] {
  if (column === undefined) return [...rows];
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [a, b] = [column.order(left), column.order(right)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    if (typeof a === "string" || typeof b === "string") return sign * String(a).localeCompare(String(b));
    return sign * (a - b);
  });
}
