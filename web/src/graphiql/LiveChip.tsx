import { useCell } from "./cell";
import { type LiveStatus, liveStatus } from "./live";

/** How the socket of the latest subscription fares, with the code and reason of its close. */
export function LiveChip() {
  const status = useCell(liveStatus);
  return (
    <p className="live" data-tone={toneOf(status)}>
      <span className="live-dot" aria-hidden="true" />
      <span role="status">{describe(status)}</span>
      {status.events > 0 && (
        <span className="live-count">
          {status.events} {status.events === 1 ? "event" : "events"}
        </span>
      )}
    </p>
  );
}

function describe({ phase, attempt, close }: LiveStatus): string {
  const cause = close ? ` · ${close.code} ${close.reason}` : "";
  switch (phase) {
    case "idle":
      return "No subscription";
    case "connecting":
      return "Connecting…";
    case "connected":
      return "Connected";
    case "reconnecting":
      return `Reconnecting, attempt ${attempt}${cause}`;
    case "closed":
      return `Closed${cause}`;
  }
}

function toneOf({ phase, close }: LiveStatus): "quiet" | "busy" | "good" | "bad" {
  if (phase === "connected") return "good";
  if (phase === "connecting" || phase === "reconnecting") return "busy";
  return phase === "closed" && close?.code !== 1000 ? "bad" : "quiet";
}
