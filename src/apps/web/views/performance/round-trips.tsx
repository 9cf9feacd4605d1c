// Turns each way out of the market and back into what it was worth against having stayed.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { floatOf, formatChange, formatDate } from "../../format.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Change } from "../../ui/parts.tsx";

type Trip = Answer<"performance">["roundTrips"][number];

const COLUMNS = ["Left", "Returned", "Share", "Twin", "Saved"];

/** A row a round trip. */
export function RoundTrips({ trips }: { readonly trips: readonly Trip[] }): ReactElement {
  if (trips.length === 0) return <p className="muted">The fund has not left the market and come back yet.</p>;
  return (
    <DataTable label="Switches" caption="Ways out of the market and back" columns={COLUMNS}>
      {trips.map((trip) => (
        <Row key={trip.exitId} trip={trip} />
      ))}
    </DataTable>
  );
}

function Row({ trip }: { readonly trip: Trip }): ReactElement {
  const share = floatOf(trip.entryNavPerShareUsd) / floatOf(trip.exitNavPerShareUsd) - 1;
  const twin = floatOf(trip.entryTwinLevel) / floatOf(trip.exitTwinLevel) - 1;
  return (
    <tr>
      <td>{formatDate(trip.left)}</td>
      <td>{formatDate(trip.returned)}</td>
      <td>{formatChange(share)}</td>
      <td>{formatChange(twin)}</td>
      <td>
        <Change share={trip.saved}>{formatChange(trip.saved)}</Change>
      </td>
    </tr>
  );
}
