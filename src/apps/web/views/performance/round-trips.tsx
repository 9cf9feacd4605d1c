// Turns each way out of the market and back into what it was worth against having stayed.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { floatOf, formatChange, formatDate } from "../../format.ts";
import { Change } from "../../ui/parts.tsx";

type Trip = Answer<"performance">["roundTrips"][number];

/** A row a round trip. */
export function RoundTrips({ trips }: { readonly trips: readonly Trip[] }): ReactElement {
  if (trips.length === 0) return <p className="muted">The fund has not left the market and come back yet.</p>;
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Switches">
      <table className="table">
        <caption className="hidden-text">Ways out of the market and back</caption>
        <thead>
          <tr>
            {["Left", "Returned", "Share", "Twin", "Saved"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trips.map((trip) => (
            <Row key={trip.exitId} trip={trip} />
          ))}
        </tbody>
      </table>
    </div>
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
